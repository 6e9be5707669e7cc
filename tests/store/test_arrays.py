"""Arrays are whole or not there, checked when they are read, and may be where other machines reach them."""

from __future__ import annotations

import os
import pickle
import resource
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from harness import Dataset
from harness.core.errors import StoreError
from harness.core.events import Outcome
from harness.execution.runner import run
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.arrays import Arrays
from harness.store.maintenance import damaged, holdings, prune, sweep
from harness.store.remote_arrays import Remote, open_arrays
from harness.store.schema import MIGRATIONS
from harness.store.store import Store


def test_an_array_is_memory_mapped_read_only_and_written_once(tmp_path: Path) -> None:
    arrays = Arrays(tmp_path)
    digest = arrays.put(np.arange(6.0).reshape(2, 3))
    made = next(tmp_path.rglob("*.npy"))
    before = made.stat().st_mtime_ns
    assert arrays.put(np.arange(6.0).reshape(2, 3)) == digest
    assert made.stat().st_mtime_ns == before
    found = arrays.get(digest)
    assert type(found) is np.ndarray
    assert not found.flags.writeable
    assert not found.flags.owndata
    assert pickle.loads(pickle.dumps(arrays)) is pickle.loads(pickle.dumps(arrays)), "one per process"


@pytest.mark.parametrize(
    "array",
    [
        np.arange(3),
        np.eye(2)[:, ::-1].T,
        np.zeros((0, 3), np.float32),
        np.array(2.0),
        np.array([True]),
        np.array("a"),
    ],
)
def test_the_file_is_what_numpy_would_save(tmp_path: Path, array: np.ndarray) -> None:
    digest = Arrays(tmp_path).put(array)
    np.save(tmp_path / "saved.npy", np.ascontiguousarray(array))
    made = next(tmp_path.rglob(f"{digest}.npy")).read_bytes()
    assert made == (tmp_path / "saved.npy").read_bytes()


def test_objects_are_not_stored_and_no_pickle_is_loaded(tmp_path: Path) -> None:
    arrays = Arrays(tmp_path)
    with pytest.raises(ValueError, match="allow_pickle"):
        arrays.put(np.array([{}], dtype=object))
    np.save(tmp_path / "evil.npy", np.array([{}], dtype=object), allow_pickle=True)
    content = (tmp_path / "evil.npy").read_bytes()
    digest = __import__("hashlib").sha256(content).hexdigest()
    (tmp_path / digest[:2]).mkdir()
    (tmp_path / digest[:2] / f"{digest}.npy").write_bytes(content)
    with pytest.raises(StoreError, match="Cannot read array"):
        arrays.get(digest)


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        Arrays(tmp_path).put(np.arange(9))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def bench(data: Dataset, store: Store) -> Outcome:
    request = Request(["pca(n_components=2)"], ["kmeans"], ["ari"], seeds=2)
    return run(make_plan(data, "full", request, load_registry()), store)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies of remote arrays are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "clustering-harness" / "arrays"


@pytest.mark.usefixtures("cache")
def test_arrays_on_a_server(toy: Dataset, tmp_path: Path, ftp: str, cache: Path) -> None:
    store = Store(tmp_path / "store", ftp)
    assert bench(toy, store).computed.total() == 5
    served = {path.stem for path in (tmp_path / "served").rglob("*.npy")}
    assert served == store.arrays.sizes().keys()
    assert not list((tmp_path / "served").rglob("*.npy.*")), "nothing is half written"
    for path in cache.rglob("*.npy"):
        path.unlink()  # another machine has no copies
    again = Store(tmp_path / "store")  # it remembers where its arrays are
    assert bench(toy, again).reused.total() == 5
    record = next(each for each in again.records() if each.kind == "encode")
    assert pickle.loads(pickle.dumps(again.arrays)).get(record.arrays["fitted"]).shape == (60, 2)
    assert holdings(again).arrays == len(served)


@pytest.mark.usefixtures("cache")
def test_damage_on_a_server_is_found_and_mended(toy: Dataset, tmp_path: Path, ftp: str) -> None:
    store = Store(tmp_path / "store", ftp)
    bench(toy, store)
    path = max((tmp_path / "served").rglob("*.npy"), key=lambda each: each.stat().st_size)
    path.write_bytes(path.read_bytes()[:-3])
    assert damaged(store) == [path.stem]
    assert not path.exists()
    bench(toy, Store(tmp_path / "store"))
    prune(store, size=0)
    assert not list((tmp_path / "served").rglob("*.npy"))


@pytest.mark.parametrize("url", ["nonsense://here", "ftp://127.0.0.1:1/arrays"])
def test_a_place_that_cannot_be_reached_is_one_line(url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=rf"Cannot reach arrays in '{url}/.*': .*") as caught:
        Store(tmp_path, url)
    assert "\n" not in str(caught.value)
    assert Store(tmp_path).arrays.folder == tmp_path / "arrays", "it is not remembered"


def test_a_folder_or_a_file_url_is_a_folder(tmp_path: Path) -> None:
    for place in (str(tmp_path / "there"), (tmp_path / "there").as_uri()):
        assert open_arrays(place, tmp_path / "here", "one").folder == tmp_path / "there" / "one"
    assert open_arrays("", tmp_path / "here", "one").folder == tmp_path / "here"


def test_stores_share_a_place_but_no_arrays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = (Store(Path(name), "shared") for name in ("one", "other"))
    digest = one.arrays.put(np.arange(3))
    assert not other.arrays.has(digest)
    assert sweep(other) == 0
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert Store(tmp_path / "one").arrays.get(digest).tolist() == [0, 1, 2]


def test_a_bad_copy_is_fetched_anew_and_harms_nobody(tmp_path: Path, ftp: str) -> None:
    served = Remote(ftp)
    here, there = (Arrays(tmp_path / name, served) for name in ("here", "there"))
    digest = here.put(np.arange(3))
    assert there.get(digest).tolist() == [0, 1, 2]
    for path in (tmp_path / "there").rglob("*.npy"):
        path.write_bytes(b"bad")
    assert there.sound(digest)
    assert Arrays(tmp_path / "there", served).get(digest).tolist() == [0, 1, 2]
    assert served.has(digest)
    served.remove(digest)
    assert not here.has(digest), "a copy here is of no use to others"


def test_what_cannot_be_read_just_now_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    digest = Arrays(tmp_path).put(np.arange(3))
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, limit[1]))
    try:
        with pytest.raises(StoreError, match=r"Cannot read array .*Too many open files"):
            Arrays(tmp_path).get(digest)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)
    assert Arrays(tmp_path).get(digest).tolist() == [0, 1, 2]
    (tmp_path / digest[:2] / f"{digest}.npy").unlink()
    with pytest.raises(StoreError, match="is missing"):
        Arrays(tmp_path).get(digest)


def test_a_store_of_the_first_format_is_taken_along(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, Store(tmp_path / "new"))
    rows = {}
    with sqlite3.connect(tmp_path / "new" / "records.sqlite") as database:
        rows = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in ("records", "cells")}
    (tmp_path / "new" / "arrays").rename(tmp_path / "arrays")
    with sqlite3.connect(tmp_path / "records.sqlite") as database:
        database.executescript(f"{MIGRATIONS[0]}; PRAGMA user_version=1;")
        database.executemany("INSERT INTO records VALUES (?, ?, ?, ?)", rows["records"])
        database.executemany("INSERT INTO cells VALUES (?, ?, ?)", rows["cells"])
    assert bench(toy, Store(tmp_path)).computed.total() == 0
    with sqlite3.connect(tmp_path / "records.sqlite") as database:
        assert database.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
