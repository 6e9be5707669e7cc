"""Finding well-known datasets on this machine: where to look, and refusing other data of the same names."""

import gzip
import hashlib

import numpy as np
import pytest
from test_idx import four_files

from harness import DataError
from harness.data import RemoteFile, Source, describe, find, load

NAMES = [f"{part}-{kind}-ubyte.gz" for part in ("train", "t10k") for kind in ("images-idx3", "labels-idx1")]


def md5(content):
    return f"md5:{hashlib.md5(content).hexdigest()}"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HARNESS_DATA", raising=False)


@pytest.fixture
def made(tmp_path):
    """The four files as published, and the source that describes them."""
    folder = tmp_path / "published"
    folder.mkdir()
    four_files(folder, end=".gz")
    contents = {name: (folder / name).read_bytes() for name in NAMES}
    files = tuple(RemoteFile(name, md5(c), content=md5(gzip.decompress(c))) for name, c in contents.items())
    return contents, Source("toy", files, urls=(), folders=(str(tmp_path / "package"),))


def fill(folder, contents):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def test_nothing_there(made):
    assert find(made[1]) is None


@pytest.mark.parametrize("place", ["data/toy", "data", "package", "cache/toy"])
def test_each_place_is_looked_at(tmp_path, monkeypatch, made, place):
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path / "data"))
    contents, source = made
    folder = fill(tmp_path / place, contents)
    assert find(source) == folder
    info = describe(source, n_samples=10, n_features=9, n_classes=3, licence="MIT")
    assert info.find() == str(folder)


def test_places_come_in_order(tmp_path, monkeypatch, made):
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path / "data"))
    contents, source = made
    for place in ("cache/toy", "package", "data", "data/toy"):
        folder = fill(tmp_path / place, contents)
        assert find(source) == folder


def test_a_file_missing(tmp_path, made):
    contents, source = made
    folder = fill(tmp_path / "package", contents)
    (folder / NAMES[2]).unlink()
    assert find(source) is None


def test_copies_compressed_anew_or_unpacked_count(tmp_path, made):
    contents, source = made
    anew = {name: gzip.compress(gzip.decompress(content), 1, mtime=9) for name, content in contents.items()}
    assert all(anew[name] != contents[name] for name in NAMES)
    assert find(source) is None
    folder = fill(tmp_path / "package", anew)
    assert find(source) == folder
    for name in NAMES:
        (folder / name).unlink()
    fill(folder, {name.removesuffix(".gz"): gzip.decompress(content) for name, content in contents.items()})
    assert find(source) == folder


def test_other_data_of_the_same_names_are_passed_over(tmp_path, monkeypatch, made):
    contents, source = made
    other = {name: gzip.compress(b"other" + content) for name, content in contents.items()}
    monkeypatch.setenv("HARNESS_DATA", str(fill(tmp_path / "data", other)))
    fill(tmp_path / "package", other)
    assert find(source) is None
    folder = fill(tmp_path / "cache" / "toy", contents)
    assert find(source) == folder


def test_other_data_in_the_own_folder_are_refused(tmp_path, monkeypatch, made):
    contents, source = made
    monkeypatch.setenv("HARNESS_DATA", str(tmp_path))
    wrong = gzip.compress(b"other")
    fill(tmp_path / "toy", {**contents, NAMES[1]: wrong})
    message = f"{NAMES[1]}: wrong file: expected checksum {md5(contents[NAMES[1]])}, got {md5(wrong)}"
    with pytest.raises(DataError, match=message):
        find(source)


def test_a_damaged_gzip_is_a_wrong_file(tmp_path, made):
    contents, source = made
    fill(tmp_path / "package", {**contents, NAMES[0]: contents[NAMES[0]][:-5]})
    assert find(source) is None


def test_load_ignores_other_files_in_the_folder(tmp_path, monkeypatch, made):
    contents, source = made
    folder = fill(tmp_path / "data", {**contents, "other.parquet": b"junk"})
    monkeypatch.setenv("HARNESS_DATA", str(folder))
    data = load(source, licence="MIT", class_names=[f"class {i}" for i in range(7)])
    assert (data.name, data.n_train, data.licence, data.source) == ("toy", 6, "MIT", str(folder))
    assert data.class_names == ("class 4", "class 5", "class 6")
    assert np.bincount(data.truth).tolist() == [4, 3, 3]
