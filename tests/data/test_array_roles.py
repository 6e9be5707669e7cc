"""The usual names of arrays: which are samples, labels and parts of a split, and what is left out."""

import numpy as np
import pytest
from scipy import sparse

from harness import DataError
from harness.data import read
from harness.data.array_roles import LABELS, SAMPLES

X, Y = np.arange(12.0).reshape(6, 2), np.array([0, 1, 0, 1, 0, 1])


def save(folder, **arrays):
    np.savez(folder / "toy.npz", **arrays)
    return folder / "toy.npz"


@pytest.mark.parametrize("x", [*SAMPLES, "X", "Images", "anything"])
@pytest.mark.parametrize("y", [*LABELS, "Y", "Labels"])
def test_usual_names(tmp_path, x, y):
    data = read(save(tmp_path, **{x: X, y: Y}))
    assert (data.samples.tolist(), data.truth.tolist(), data.label) == (X.tolist(), Y.tolist(), y)
    assert any("the only array" in note for note in data.notes) == (x == "anything")


@pytest.mark.parametrize("pattern", ["X_{}", "{}_images", "x{}", "{}_x", "data_{}", "{}_data", "X_{}ing"])
def test_names_of_parts(tmp_path, pattern):
    y = pattern.replace("images", "labels").replace("data", "target").replace("X", "y").replace("x", "y")
    names = {pattern.format("train"): X, y.format("train"): Y[:, None]}
    names |= {pattern.format("test"): X[:2] + 100, y.format("test"): Y[:2]}
    data = read(save(tmp_path, **names))
    assert (data.n_train, data.n_samples, data.samples[-1].tolist()) == (6, 8, [102, 103])
    assert data.truth.tolist() == [*Y, 0, 1]


def test_a_validation_part_is_left_out_with_a_note(tmp_path):
    parts = {"train": X, "val": X[:3], "test": X[:2]}
    names = {f"{part}_images": array.reshape(-1, 2, 1) for part, array in parts.items()}
    names |= {f"{part}_labels": Y[: len(array), None] for part, array in parts.items()}
    data = read(save(tmp_path, **names))
    assert (data.n_train, data.n_samples, data.image_shape) == (6, 8, (2, 1, 1))
    assert data.left_out == ("'val_images' (validation part)", "'val_labels' (validation part)")


def test_without_a_test_part_the_validation_part_is_it(tmp_path):
    data = read(save(tmp_path, x_train=X, y_train=Y, x_valid=X[:2], y_valid=Y[:2]))
    assert (data.n_train, data.n_samples) == (6, 8)
    assert "the validation part is used as the test part" in data.notes


@pytest.mark.parametrize("part", ["train", "test", "validation"])
def test_one_part_alone_is_read_with_a_note(tmp_path, part):
    data = read(save(tmp_path, **{f"X_{part}": X, f"y_{part}": Y}))
    assert (data.n_train, data.n_samples, data.n_classes) == (None, 6, 2)
    assert f"only the {part} part" in data.notes


@pytest.mark.parametrize(
    ("names", "shown", "line"),
    [
        (("X", "x"), "'X' and 'x'", "samples=X"),
        (("data", "images"), "'data' and 'images'", "samples=data"),
        (("X", "x_train"), "'X' and 'x_train'", "samples=X"),
        (("train_x", "x_train"), "'train_x' and 'x_train'", "samples=train_x"),
    ],
)
def test_two_candidates_are_refused_with_the_line_to_type(tmp_path, names, shown, line):
    path = save(tmp_path, **dict.fromkeys(names, X), y=Y)
    with pytest.raises(
        DataError, match=rf"samples are ambiguous between {shown}\. Name one: \".*\({line}\)\""
    ):
        read(path)
    data = read(path, samples=names[1], label=None)
    assert data.n_samples == 6
    assert [reason.partition(" ")[0] for reason in data.left_out] == [repr(names[0]), "'y'"]


def test_two_labels_are_refused_unless_only_one_has_the_length(tmp_path):
    path = save(tmp_path, X=X, fine_labels=Y, targets=Y, coarse=Y)
    with pytest.raises(
        DataError, match=r"labels are ambiguous between 'fine_labels' and 'targets'\..*\(label=fine_labels\)"
    ):
        read(path)
    assert read(path, label="coarse").label == "coarse"
    data = read(save(tmp_path, X=X, y=Y, classes=np.array(["cat", "dog"])))
    assert (data.label, data.left_out) == ("y", ("'classes' (another array)",))


def test_labels_of_parts_are_named_by_what_they_have_in_common(tmp_path):
    names = {"train_x": X, "test_x": X[:2], "train_y": Y, "test_y": Y[:2]}
    path = save(tmp_path, **names, train_coarse=Y // 2, test_coarse=Y[:2])
    assert read(path, label="coarse").label == "train_coarse, test_coarse"
    with pytest.raises(DataError, match="label='train_coarse' matches no labels of the train part"):
        read(path, label="train_coarse")
    data = read(path, samples="train_x")
    assert (data.n_samples, data.label) == (6, "train_y")
    assert read(path, samples="test_x", label="test_coarse").truth.tolist() == [0, 1]


def test_unusual_names_are_refused_with_the_line_to_type(tmp_path):
    path = save(tmp_path, arr_0=X, arr_1=Y)
    with pytest.raises(DataError, match=r"got arr_0, arr_1\. .*\(samples=arr_0, label=arr_1\)\""):
        read(path)
    assert read(path, samples="arr_0", label="arr_1").n_classes == 2
    with pytest.raises(
        DataError, match=r"no array 'arr_2' to take samples from\. Arrays: arr_0, arr_1\. Did you"
    ):
        read(path, samples="arr_2")


def test_the_only_array_is_the_samples(tmp_path):
    data = read(save(tmp_path, arr_0=X))
    assert data.notes == ("samples: 'arr_0', the only array",)


@pytest.mark.parametrize("kind", ["csr", "csc", "coo", "bsr", "dia"])
def test_sparse_matrices_are_made_dense_with_a_note(tmp_path, kind):
    matrix = sparse.random(20, 7, 0.3, format=kind, random_state=0)
    sparse.save_npz(tmp_path / "toy.npz", matrix)
    data = read(tmp_path / "toy.npz")
    assert np.allclose(data.samples, matrix.toarray())
    assert "sparse, converted to dense" in data.notes


def test_sparse_matrices_beyond_the_limit_are_refused_with_their_size(tmp_path):
    sparse.save_npz(tmp_path / "toy.npz", sparse.csr_matrix((10**6, 10**5)))
    with pytest.raises(DataError, match=r"1,000,000 x 100,000 takes 745\.1 GiB"):
        read(tmp_path / "toy.npz")


def test_bytes_that_are_not_utf8_are_latin1_with_a_note(tmp_path):
    names = [name.encode("latin-1") for name in ("Köln", "Bonn")] * 3
    data = read(save(tmp_path, X=X, y=np.array(names)))
    assert (data.class_names, data.notes) == (("Bonn", "Köln"), ("labels are bytes, read as latin-1",))


def test_a_structured_array_is_a_table(tmp_path):
    fields = [("id", int), ("width", float), ("species", "S5")]
    np.save(
        tmp_path / "toy.npy", np.array([(4, 1.5, b"a"), (7, 2.5, "ö".encode()), (1, 3.5, b"a")], dtype=fields)
    )
    data = read(tmp_path / "toy.npy")
    assert (data.samples.tolist(), data.class_names) == ([[1.5], [2.5], [3.5]], ("a", "ö"))
    assert data.left_out == ("'id' (distinct in every row)",)
    assert read(tmp_path / "toy.npy", label=None, drop=["species"], keep="id").n_features == 2


@pytest.mark.parametrize(
    ("x", "y"), [("X", "y"), ("toy", "toy_labels"), ("X_train", "y_train"), ("train_images", "train_labels")]
)
def test_a_file_beside_that_is_named_as_labels_is_told(tmp_path, x, y):
    np.save(tmp_path / f"{x}.npy", X)
    np.save(tmp_path / f"{y}.npy", Y)
    assert (
        read(tmp_path / f"{x}.npy")
        .notes[0]
        .startswith(f"{y}.npy next to it is not read: save both in one file")
    )
    assert read(tmp_path / f"{x}.npy", label=None).notes == ()
