"""The built-in datasets: what they say of themselves and return, and the refusal of mistaken files."""

import bz2
import importlib
import shutil
from pathlib import Path

import numpy as np
import pytest

from harness import DataError

DEBIAN = Path("/usr/share/datasets/fashion-mnist")
has_fashion = pytest.mark.skipif(
    not DEBIAN.is_dir(), reason="the package dataset-fashion-mnist is not installed"
)


def plugin(name):
    module = importlib.import_module(f"harness.plugins.datasets.{name}")
    return getattr(module, name)


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HARNESS_DATA", raising=False)


@pytest.mark.parametrize(
    ("name", "n", "shape", "licence"),
    [
        ("digits", 1797, (8, 8, 1), "CC BY 4.0"),
        ("fashion_mnist", 70_000, (28, 28, 1), "MIT"),
        ("mnist", 70_000, (28, 28, 1), "CC BY-SA 3.0"),
        ("kmnist", 70_000, (28, 28, 1), "CC BY-SA 4.0"),
        ("usps", 9298, (16, 16, 1), "unknown"),
    ],
)
def test_info(name, n, shape, licence):
    info = plugin(name).info
    assert (info.n_samples, info.image_shape, info.licence, info.n_classes) == (n, shape, licence, 10)
    assert info.n_features == np.prod(shape)


@pytest.mark.parametrize("name", ["fashion_mnist", "mnist", "kmnist", "usps"])
def test_sources_have_a_mirror_and_whole_checksums(name):
    source = importlib.import_module(f"harness.plugins.datasets.{name}").SOURCE
    assert source.dataset == name.replace("_", "-")
    assert len(set(source.urls)) == 2
    for checksum in [c for file in source.files for c in (file.checksum, file.content) if c]:
        algorithm, _, digest = checksum.partition(":")
        assert len(digest) == {"md5": 32, "sha256": 64}[algorithm]


def test_digits():
    data = plugin("digits")()
    assert (data.n_samples, data.n_features, data.n_classes) == (1797, 64, 10)
    assert (data.samples.min(), data.samples.max()) == (0, 1)
    assert np.array_equal(data.samples * 16, np.rint(data.samples * 16))
    assert (data.image_shape, data.n_train, data.scaling) == ((8, 8, 1), None, "divided by 16")
    assert plugin("digits").info.find is None


@has_fashion
def test_fashion_mnist_of_the_debian_package():
    function = plugin("fashion_mnist")
    assert function.info.find() == str(DEBIAN)
    data = function()
    assert (data.samples.shape, data.n_train, data.name) == ((70_000, 784), 60_000, "fashion-mnist")
    assert np.bincount(data.truth).tolist() == [7000] * 10
    assert (data.class_names[0], data.class_names[9]) == ("T-shirt/top", "Ankle boot")
    assert (data.licence, data.source, data.scaling) == ("MIT", str(DEBIAN), "divided by 255")


@has_fashion
def test_fashion_files_are_not_taken_for_mnist(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path))
    shutil.copytree(DEBIAN, tmp_path, dirs_exist_ok=True)
    assert plugin("mnist").info.find() is None
    shutil.copytree(DEBIAN, tmp_path / "mnist")
    expected = "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873"
    with pytest.raises(
        DataError, match=f"train-images-idx3-ubyte.gz: wrong file: expected checksum {expected}, got"
    ):
        plugin("mnist").info.find()


def test_mistaken_files_in_the_folder_of_fashion_are_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path))
    (tmp_path / "fashion-mnist").mkdir()
    for kind in ("images-idx3", "labels-idx1"):
        for part in ("train", "t10k"):
            (tmp_path / "fashion-mnist" / f"{part}-{kind}-ubyte.gz").write_bytes(b"other")
    with pytest.raises(DataError, match=r"fashion-mnist.*wrong file: expected checksum md5:8d4fb7e6"):
        plugin("fashion_mnist").info.find()


def libsvm(path, labels, value=0.5):
    rows = [
        f"{label} " + " ".join(f"{i}:{value if i == 256 else -1}" for i in range(1, 257)) for label in labels
    ]
    path.write_bytes(bz2.compress("\n".join(rows).encode() + b"\n"))
    return path


@pytest.fixture
def parse():
    return importlib.import_module("harness.plugins.datasets.usps").parse


def test_usps_files(tmp_path, parse):
    data = parse(libsvm(tmp_path / "usps.bz2", [1, 10, 7]), libsvm(tmp_path / "usps.t.bz2", [3]))
    assert data.truth.tolist() == [0, 9, 6, 2]
    assert (data.n_train, data.image_shape, data.samples.dtype) == (3, (16, 16, 1), np.float32)
    assert data.samples[0, 254:].tolist() == [-1, 0.5]
    assert data.scaling == "none"
    assert data.name == "usps"


def test_usps_zeros_left_out_are_grey(tmp_path, parse):
    path = tmp_path / "usps.bz2"
    path.write_bytes(bz2.compress(b"2 1:-1 256:1\n"))
    assert parse(path, path).samples[0, [0, 1, 255]].tolist() == [-1, 0, 1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"1 257:0.5\n", "not a readable LIBSVM file"),
        (b"1 x\n", "not a readable LIBSVM file"),
        (b"1 1:3\n", r"values must be in \[-1, 1\]"),
        (b"11 1:1\n", "labels must be 1 to 10, got 11 to 11"),
    ],
)
def test_bad_usps_files(tmp_path, parse, content, message):
    path = tmp_path / "usps.bz2"
    path.write_bytes(bz2.compress(content))
    with pytest.raises(DataError, match=rf"usps\.bz2: {message}"):
        parse(path, path)


def test_a_truncated_usps_file(tmp_path, parse):
    path = libsvm(tmp_path / "usps.bz2", [1] * 20)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(DataError, match=r"usps\.bz2: not a readable LIBSVM file"):
        parse(path, path)
