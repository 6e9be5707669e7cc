"""MATLAB files: usual names, words as labels, samples along the last axis, sparse matrices, versions."""

import numpy as np
import pytest
from scipy import sparse
from scipy.io import savemat

from harness import DataError
from harness.data import read

X, Y = np.arange(15.0).reshape(5, 3), np.array([1, 2, 1, 2, 2])


@pytest.mark.parametrize("version", ["4", "5"])
@pytest.mark.parametrize(("x", "y"), [("X", "y"), ("fea", "gnd"), ("data", "labels")])
def test_usual_names(tmp_path, version, x, y):
    savemat(tmp_path / "toy.mat", {x: X, y: Y[:, None].astype(float)}, format=version)
    data = read(tmp_path / "toy.mat")
    assert (data.samples.tolist(), data.class_names, data.label) == (X.tolist(), ("1", "2"), y)


def test_names_can_be_given_and_others_are_named(tmp_path):
    savemat(tmp_path / "toy.mat", {"A": X, "B": X + 1, "k": 2.0, "groups": Y})
    with pytest.raises(DataError, match=r"got A, B, groups, k\. .*\(samples=A, label=groups\)"):
        read(tmp_path / "toy.mat")
    data = read(tmp_path / "toy.mat", samples="B", label="groups")
    assert (data.samples[0].tolist(), data.n_classes) == ([1, 2, 3], 2)
    assert data.left_out == ("'A' (another array)", "'k' (another array)")


def test_words_are_labels(tmp_path):
    cells = np.array(["cat", "horse", "cat", "horse", "horse"], dtype=object)
    savemat(tmp_path / "cells.mat", {"X": X, "labels": cells})
    savemat(tmp_path / "chars.mat", {"X": X, "labels": cells.astype(str)})
    for name in ("cells.mat", "chars.mat"):
        assert read(tmp_path / name).class_names == ("cat", "horse")


def test_samples_along_the_last_axis_are_told_by_the_labels(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (4, 6, 3, 5), dtype=np.uint8)
    savemat(tmp_path / "toy.mat", {"X": images, "y": Y[:, None]})
    data = read(tmp_path / "toy.mat")
    assert data.image_shape == (4, 6, 3)
    assert np.array_equal(np.rint(data.samples[2] * 255), images[..., 2].ravel())
    assert "'X': samples are along the last axis, which has the length of the labels" in data.notes


def test_sparse_matrices(tmp_path):
    savemat(tmp_path / "toy.mat", {"X": sparse.csc_matrix(X), "y": Y})
    data = read(tmp_path / "toy.mat")
    assert (data.samples.tolist(), data.notes) == (X.tolist(), ("sparse, converted to dense",))


def test_version_73_and_damage_are_one_clear_line(tmp_path):
    path = tmp_path / "toy.mat"
    path.write_bytes(b"MATLAB 7.3 MAT-file".ljust(512, b" ") + b"\x89HDF\r\n\x1a\n")
    with pytest.raises(DataError, match=r"cannot read MATLAB files of version 7\.3 \(HDF5\)\..*'-v7'"):
        read(path)
    savemat(path, {"X": X, "y": Y})
    for content in (path.read_bytes()[:200], path.read_bytes()[:-30], b"", b"MATLAB 5.0"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"toy\.mat: not a readable MATLAB file") as caught:
            read(path)
        assert "\n" not in str(caught.value)


def test_structures_are_refused(tmp_path):
    savemat(tmp_path / "toy.mat", {"X": {"a": X}, "y": Y})
    with pytest.raises(DataError, match="samples must be numbers"):
        read(tmp_path / "toy.mat")
