"""What every format shares: the way to a format, scaling, labels, names and image shapes."""

import subprocess
import sys

import numpy as np
import pytest

from harness import DataError
from harness.data import read


def save(folder, array, **others):
    path = folder / "toy.npz"
    np.savez(path, X=array, **others)
    return path


def test_missing_path(tmp_path):
    with pytest.raises(DataError, match=r"nothing\.csv: no such file or folder"):
        read(tmp_path / "nothing.csv")


@pytest.mark.parametrize("name", ["toy.xyz", "toy", "toy.bz2"])
def test_unknown_format_names_the_known(tmp_path, name):
    (tmp_path / name).write_bytes(b"some bytes")
    with pytest.raises(
        DataError, match=r"unknown format .*expected IDX .*\.csv.*\.npy, \.parquet, .*or a folder"
    ):
        read(str(tmp_path / name))


def test_gzip_of_a_format_that_is_not_read_packed(tmp_path):
    import gzip

    (tmp_path / "toy.npz.gz").write_bytes(gzip.compress(save(tmp_path, np.eye(2)).read_bytes()))
    with pytest.raises(DataError, match=r"cannot read npz from gzip\. Unpack it first: gunzip "):
        read(tmp_path / "toy.npz.gz")


def test_a_file_that_may_not_be_read_is_an_error(tmp_path, monkeypatch):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(DataError, match=r"loop\.csv: (no such file|cannot read)"):
        read(tmp_path / "loop.csv")


def test_bytes_of_images_are_divided_by_255_exactly(tmp_path):
    array = np.arange(256, dtype=np.uint8).reshape(4, 8, 8)
    data = read(save(tmp_path, array))
    assert np.array_equal(data.samples, array.reshape(4, 64).astype(np.float32) / np.float32(255))
    assert data.scaling == "divided by 255"


@pytest.mark.parametrize("dtype", [np.int64, np.float64, np.float32, ">u2"])
def test_whole_numbered_images_are_divided_by_255(tmp_path, dtype):
    array = np.arange(8).reshape(2, 2, 2).astype(dtype)
    data = read(save(tmp_path, array))
    assert np.array_equal(data.samples, array.reshape(2, 4).astype(np.float32) / np.float32(255))


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.25, 1.0], [0.0, 0.5]]),
        np.array([[0.5, -7.25], [2.0**99, 2.0**-99]]),
        np.eye(2, dtype=bool),
        np.eye(2, dtype="u1"),
        np.eye(4, dtype="u1").reshape(2, 2, 4),  # masks, whose 1 is all there is
        np.arange(8, dtype="u1").reshape(2, 4),  # bytes of no image
        np.full((3, 2), -4),
        np.full((2, 2, 2), 256),
        np.full((2, 2, 2), 7.5),
    ],
)
def test_values_stay_as_they_are(tmp_path, array):
    data = read(save(tmp_path, array))
    assert (data.samples.tolist(), data.scaling) == (
        array.astype(float).reshape(len(array), -1).tolist(),
        "none",
    )


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.eye(3, dtype=complex), "samples must be numbers .*got dtype complex128"),
        (np.array([["a", "b"]] * 3), "samples must be numbers"),
        (np.array([["2020-01-01"]] * 3, dtype="datetime64[D]"), "samples must be numbers"),
        (np.empty((0, 4)), r"no samples: got an empty array of shape \(0, 4\)"),
        (np.arange(4.0), r"samples must have shape \(n, d\).*got \(4,\)"),
        (np.zeros((2, 3, 32, 32)), r"1 to 4 channels, got \(2, 3, 32, 32\).*np\.moveaxis"),
        (
            np.array([[1.0, 2.0], [np.nan, 4.0]]),
            r"missing in 1 of 2 columns: column 0 1 \(of 2 rows\), first in data row 2",
        ),
        (np.array([[1.0, np.inf], [0.0, 4.0]]), "got inf in row 0, column 1"),
        (np.array([[2**53], [2**53 + 1]]), r"too large to stay distinct \(float64 holds up to 2\*\*53\)"),
        (np.eye(3)[:1], "at least 2 samples"),
    ],
)
def test_bad_samples(tmp_path, array, message):
    with pytest.raises(DataError, match=message):
        read(save(tmp_path, array))


@pytest.mark.parametrize(
    ("labels", "truth", "names"),
    [
        ([5, 9, 5], [0, 1, 0], ("5", "9")),
        ([-1, 3, 2], [-1, 1, 0], ("2", "3")),
        ([-1, 1, 1], [0, 1, 1], ("-1", "1")),
        ([2.0, 1.0, 2.0], [1, 0, 1], ("1", "2")),
        (["b", "a", "b"], [1, 0, 1], ("a", "b")),
        ([b"b", b"a", b"b"], [1, 0, 1], ("a", "b")),
        ([True, False, True], [1, 0, 1], ("False", "True")),
    ],
)
def test_labels_are_encoded_from_0(tmp_path, labels, truth, names):
    data = read(save(tmp_path, np.eye(3), y=np.array(labels)))
    assert data.truth.dtype == np.int64
    assert (data.truth.tolist(), data.class_names) == (truth, names)


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        (np.eye(3), r"labels must be a 1-D array.*got shape \(3, 3\).*argmax"),
        (np.arange(2), "one label per sample, got 2 for 3 samples"),
        (np.array([0, np.nan, 1]), "every sample needs a label, got none in row 1"),
        (np.array([0.5, 1, 2]), "got 0.5 in row 0.*label=None"),
        (np.array([1j, 2, 3]), "labels must be whole numbers or strings, got dtype complex128"),
    ],
)
def test_bad_labels(tmp_path, labels, message):
    with pytest.raises(DataError, match=message):
        read(save(tmp_path, np.eye(3), y=labels))


def test_image_shape_can_be_given(tmp_path):
    path = save(tmp_path, np.zeros((2, 12)))
    assert read(path, image_shape=(3, 4)).image_shape == (3, 4, 1)
    assert read(path, image_shape=(2, 2, 3)).image_shape == (2, 2, 3)
    for shape in ((5, 5), (12,), (-3, -4)):
        with pytest.raises(DataError, match="with a product of 12, got"):
            read(path, image_shape=shape)


def test_the_input_array_is_left_alone(tmp_path):
    from harness.data.raw import Raw
    from harness.data.to_dataset import to_dataset

    array = np.array([[0.0, 2.0], [4.0, 1.0]], dtype=np.float32)
    to_dataset(Raw(array), name="toy", where="toy")
    assert array.tolist() == [[0, 2], [4, 1]]


def test_importing_loads_no_heavy_library():
    heavy = {"pandas", "pyarrow", "PIL", "pooch", "requests", "sklearn"}
    code = f"import sys, harness.data, harness.plugins.datasets.mnist; print({heavy!r} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"
