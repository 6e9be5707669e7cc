"""IDX files: round trips, splits, labels beside images, and every kind of damage."""

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from harness import DataError
from harness.data import read


def idx(array: np.ndarray) -> bytes:
    return struct.pack(f">2xBB{array.ndim}I", 8, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def images(n: int = 6, side: int = 3) -> np.ndarray:
    return np.random.default_rng(n).integers(2, 256, (n, side, side), dtype=np.uint8)


def write(path: Path, array: np.ndarray, *, packed: bool = False) -> Path:
    path.write_bytes(gzip.compress(idx(array)) if packed else idx(array))
    return path


def four_files(folder: Path, *, dot: bool = False, end: str = "") -> tuple[np.ndarray, np.ndarray]:
    sign = "." if dot else "-"
    train, test = images(6), images(4)
    for part, array in (("train", train), ("t10k", test)):
        write(folder / f"{part}-images{sign}idx3-ubyte{end}", array, packed=bool(end))
        write(folder / f"{part}-labels{sign}idx1-ubyte{end}", np.arange(len(array)) % 3 + 4, packed=bool(end))
    return train, test


@settings(max_examples=20, deadline=None)
@given(
    array=hnp.arrays(np.uint8, st.tuples(st.integers(2, 5), st.integers(1, 4), st.integers(1, 4))),
    packed=st.booleans(),
)
def test_any_images_come_back(tmp_path_factory, array, packed):
    array[0, 0, 0] = 255
    path = write(tmp_path_factory.mktemp("idx") / "a-images-idx3-ubyte", array, packed=packed)
    data = read(path)
    assert np.array_equal(np.rint(data.samples * 255).reshape(array.shape), array)
    assert data.samples.dtype == np.float32
    assert data.image_shape == (*array.shape[1:], 1)
    assert data.truth is None
    assert data.n_train is None


@pytest.mark.parametrize("dot", [False, True])
@pytest.mark.parametrize("end", ["", ".gz"])
def test_four_files_are_an_official_split(tmp_path, dot, end):
    train, test = four_files(tmp_path, dot=dot, end=end)
    data = read(tmp_path, name="toy")
    expected = np.concatenate([train, test]).reshape(10, -1).astype(np.float32) / np.float32(255)
    assert np.array_equal(data.samples, expected)
    assert data.n_train == 6
    assert data.truth.tolist() == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
    assert data.class_names == ("4", "5", "6")
    assert (data.name, data.scaling, data.source) == ("toy", "divided by 255", str(tmp_path))


def test_labels_can_be_left_out(tmp_path):
    four_files(tmp_path)
    assert read(tmp_path, label=None).truth is None


def test_a_folder_of_train_files_has_no_split(tmp_path):
    four_files(tmp_path)
    for path in tmp_path.glob("t10k*"):
        path.unlink()
    data = read(tmp_path)
    assert (data.n_samples, data.n_train) == (6, None)


@pytest.mark.parametrize("packed", [False, True])
def test_labels_beside_one_file_are_found(tmp_path, packed):
    path = write(tmp_path / "my-images-idx3-ubyte", images(4))
    write(tmp_path / f"my-labels-idx1-ubyte{'.gz' if packed else ''}", np.array([3, 3, 1, 1]), packed=packed)
    assert read(path).truth.tolist() == [1, 1, 0, 0]
    assert read(path, label=None).truth is None


def test_gzip_is_known_by_content_not_by_name(tmp_path):
    assert read(write(tmp_path / "images.idx3", images(), packed=True)).n_samples == 6
    assert read(write(tmp_path / "other.idx3.gz", images())).n_samples == 6


def test_idx_without_a_telling_name_is_known_by_content(tmp_path):
    data = read(write(tmp_path / "blob.dat", images()))
    assert (data.n_samples, data.name) == (6, "blob")


def test_float_values_are_big_endian(tmp_path):
    values = np.array([[0.25, 0.5], [0.75, 1.0]], dtype=">f4")
    path = tmp_path / "vectors.idx2"
    path.write_bytes(struct.pack(">2xBB2I", 0x0D, 2, 2, 2) + values.tobytes())
    assert read(path).samples.tolist() == values.tolist()


GOOD = idx(images(6))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "images.idx3: the file is empty"),
        (b"\1\2\3\4" + GOOD[4:], "wrong magic number: expected bytes 00 00.*got 01 02 03 04"),
        (b"\0\0\7\3" + GOOD[4:], "wrong magic number.*got 00 00 07 03"),
        (b"\0\0\x08", "wrong magic number.*got 00 00 08"),
        (GOOD[:9], "truncated: expected a header of 16 bytes, got 9 bytes"),
        (GOOD[:-1], "truncated: expected 70 bytes.*got 69 bytes"),
        (GOOD + b"x", "trailing bytes: expected 70 bytes.*got 71 bytes"),
        (gzip.compress(GOOD)[:-12], "corrupt gzip data"),
        (gzip.compress(GOOD)[:-8] + b"\0" * 8, "corrupt gzip data"),
        (b"\x1f\x8b" + b"\1" * 40, "corrupt gzip data"),
        (idx(np.zeros((0, 3, 3))), "no samples: the header has shape"),
        (idx(np.arange(5)), "expected images .*got 1 dimension"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_damage_is_named(tmp_path, content, message):
    path = tmp_path / "images.idx3"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message) as caught:
        read(path)
    assert "images.idx3" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_counts_of_images_and_labels_must_agree(tmp_path):
    four_files(tmp_path)
    write(tmp_path / "t10k-labels-idx1-ubyte", np.arange(5))
    with pytest.raises(DataError, match=r"t10k-labels-idx1-ubyte: expected 4 labels.*got 5"):
        read(tmp_path)


def test_labels_for_one_part_only_are_refused(tmp_path):
    four_files(tmp_path)
    (tmp_path / "t10k-labels-idx1-ubyte").unlink()
    with pytest.raises(DataError, match="the test part has no labels, but the other part has"):
        read(tmp_path)


def test_images_in_place_of_labels_are_refused(tmp_path):
    four_files(tmp_path)
    write(tmp_path / "train-labels-idx1-ubyte", images(6))
    with pytest.raises(DataError, match=r"train-labels-idx1-ubyte: expected labels .*got 3 dimensions"):
        read(tmp_path)


def test_parts_of_differing_size_are_refused(tmp_path):
    four_files(tmp_path)
    write(tmp_path / "t10k-images-idx3-ubyte", images(4, side=5))
    with pytest.raises(DataError, match=r"must have one shape, got \(3, 3\) and \(5, 5\)"):
        read(tmp_path)


def test_a_folder_of_labels_only_is_refused(tmp_path):
    write(tmp_path / "train-labels-idx1-ubyte", np.arange(5))
    with pytest.raises(DataError, match="no IDX images found, expected train-images-idx3-ubyte"):
        read(tmp_path)


def test_label_choice_is_refused(tmp_path):
    with pytest.raises(DataError, match="label='y' names a column, but this format has no columns"):
        read(write(tmp_path / "images.idx3", images()), label="y")


def pairs(folder, *sets, n=6):
    for prefix in sets:
        write(folder / f"{prefix}-images-idx3-ubyte", images(n))
        write(folder / f"{prefix}-labels-idx1-ubyte", np.arange(n) % 3)


@pytest.mark.parametrize("prefix", ["qmnist", "emnist-letters", "my_own.set"])
def test_any_pair_of_names_is_a_split(tmp_path, prefix):
    pairs(tmp_path, f"{prefix}-train")
    pairs(tmp_path, f"{prefix}-test", n=4)
    data = read(tmp_path)
    assert (data.n_train, data.n_samples, data.n_classes, data.left_out) == (6, 10, 3, ())
    assert data.label == f"{prefix}-train-labels-idx1-ubyte"


def test_several_sets_are_refused(tmp_path):
    pairs(
        tmp_path, "emnist-digits-train", "emnist-digits-test", "emnist-letters-train", "emnist-letters-test"
    )
    with pytest.raises(
        DataError, match=r"several sets of IDX images: emnist-digits-test-images.* give one file: "
    ):
        read(tmp_path)
    assert read(tmp_path / "emnist-letters-train-images-idx3-ubyte").n_classes == 3


def test_labels_of_qmnist_are_the_first_column(tmp_path):
    write(tmp_path / "qmnist-train-images-idx3-ubyte", images(6))
    columns = np.arange(48).reshape(6, 8) % 5
    header = struct.pack(">2xBB2I", 0x0C, 2, 6, 8)
    (tmp_path / "qmnist-train-labels-idx2-int").write_bytes(header + columns.astype(">i4").tobytes())
    data = read(tmp_path)
    assert [data.class_names[each] for each in data.truth] == [str(each) for each in columns[:, 0]]
    assert data.notes == ("the classes are the first of 8 columns of labels",)
    assert read(tmp_path / "qmnist-train-images-idx3-ubyte").label == "qmnist-train-labels-idx2-int"


def test_labels_of_other_columns_are_refused(tmp_path):
    write(tmp_path / "images.idx3", images(6))
    write(tmp_path / "labels.idx2", np.zeros((6, 8)))
    with pytest.raises(DataError, match=r"expected labels .*got 2 dimensions"):
        read(tmp_path)
    write(tmp_path / "labels.idx2", np.arange(6).reshape(6, 1) % 2)
    assert read(tmp_path).truth.tolist() == [0, 1, 0, 1, 0, 1]


def test_what_lies_beside_is_named(tmp_path):
    pairs(tmp_path, "train", "test", "validation")
    write(tmp_path / "train-images-idx3-ubyte.gz", images(6), packed=True)
    write(tmp_path / "other-labels-idx1-ubyte", np.arange(6))
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "train-images-idx3-ubyte.md5").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    assert set(read(tmp_path).left_out) == {
        "'validation-images-idx3-ubyte' (validation part)",
        "'train-images-idx3-ubyte' (also present as .gz)",
        "'other-labels-idx1-ubyte' (name does not match these images)",
        "'README.md' (not an IDX file)",
        "'train-images-idx3-ubyte.md5' (not an IDX file)",
    }
    assert "other-labels" not in str(read(tmp_path, label=None).left_out)


def test_labels_that_are_not_named_for_a_file_are_named(tmp_path):
    path = write(tmp_path / "mine-images.idx3", images(6))
    write(tmp_path / "yours-labels.idx1", np.arange(6))
    assert read(path).left_out == ("'yours-labels.idx1' (name does not match these images)",)
    write(tmp_path / "mine-labels.idx1", np.arange(6) % 2)
    assert (read(path).label, read(path).left_out) == ("mine-labels.idx1", ())


def test_validation_takes_the_place_of_test(tmp_path):
    pairs(tmp_path, "train", "val")
    data = read(tmp_path)
    assert (data.n_train, data.notes) == (6, ("'val-images-idx3-ubyte' is used as the test part",))
