"""What a store holds, what may go, and what is damaged."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from harness import Dataset
from harness.cli import app
from harness.core.errors import StoreError
from harness.core.events import Outcome
from harness.execution.runner import run
from harness.execution.task import share
from harness.leaderboard.build import load_board
from harness.leaderboard.markdown import markdown
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.arrays import LEFT_BEHIND
from harness.store.claims import RUN, Claims
from harness.store.maintenance import damaged, holdings, prune
from harness.store.store import Store


def bench(data: Dataset, folder: Path, clusterers: str = "kmeans kmeans-silhouette(k_max=5)") -> Outcome:
    request = Request(["pca(n_components=2)"], clusterers.split(), ["ari"], seeds=2)
    return run(make_plan(data, "full", request, load_registry()), Store(folder))


def board(folder: Path) -> str:
    return markdown(load_board(Store(folder), "toy.full"))


def test_holdings(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    held = holdings(Store(tmp_path))
    assert held.records == {("encode", "ok"): 1, ("cluster", "ok"): 10, ("score", "ok"): 4}
    assert held.boards == ["toy.full"]
    assert held.arrays == len([*(tmp_path / "arrays").rglob("*.npy")])
    assert held.array_bytes > 1000
    assert held.unneeded == [], "candidates of choosers are needed"


def test_what_no_board_needs_goes_and_boards_stay(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    before = board(tmp_path)
    store = Store(tmp_path)
    old = replace(next(each for each in store.records() if each.kind == "cluster"), key="old")
    store.put(replace(old, arrays={"fitted": store.arrays.put(np.arange(9))}))
    assert holdings(store).unneeded == ["old"]
    records, n_bytes = prune(store, unneeded=True)
    assert (records, n_bytes > 0) == (1, True)
    assert board(tmp_path) == before
    assert bench(toy, tmp_path).computed.total() == 0


def test_old_and_large_things_go_oldest_first(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    store = Store(tmp_path)
    assert prune(store, older=timedelta(days=1)) == (0, samples(toy)), "they are soon written again"
    encode = next(each for each in store.records() if each.kind == "encode")
    store.put(replace(encode, created="2001-01-01T00:00:00+00:00"))
    size = holdings(store).array_bytes
    assert prune(store, size=size) == (0, 0)
    records, n_bytes = prune(store, size=size - 1)
    assert records == 1
    assert store.get(encode.key) is None
    assert holdings(store).array_bytes == size - n_bytes
    assert prune(store, older=timedelta(0))[0] >= 0
    assert bench(toy, tmp_path).computed["encode"] == 1


def samples(data: Dataset) -> int:
    """Bytes of the files of a dataset: each array has a head of 128 bytes."""
    assert data.truth is not None
    return data.samples.nbytes + data.truth.nbytes + 2 * 128


def test_a_run_and_a_pruning_exclude_each_other(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    store = Store(tmp_path)
    with Claims(store), pytest.raises(StoreError, match="A run is using store"):
        prune(store, older=timedelta(0))
    with Claims(store, pruning=True), pytest.raises(StoreError, match="Another command is pruning store"):
        bench(toy, tmp_path)
    host, _, _, _ = Claims(store).owner.rsplit(":", 3)
    store.claim(f"{RUN} the dead", f"{host}:999999:1:1", time.time() + 99)
    assert prune(store, older=timedelta(days=1))[0] == 0
    assert store.claims("") == []


def test_what_killed_writers_left_is_removed(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    folder = next((tmp_path / "arrays").glob("??"))
    (folder / "tmpnew").write_bytes(b"half")
    (folder / "tmpold").write_bytes(b"half")
    os.utime(folder / "tmpold", (time.time() - LEFT_BEHIND - 9, time.time() - LEFT_BEHIND - 9))
    prune(Store(tmp_path), unneeded=True)
    assert [each.name for each in folder.glob("tmp*")] == ["tmpnew"]


@pytest.mark.parametrize("how", ["flip", "cut"])
def test_damage_is_found_dropped_and_mended(toy: Dataset, tmp_path: Path, how: str) -> None:
    bench(toy, tmp_path)
    before = board(tmp_path)
    embedding = next(each.arrays["fitted"] for each in Store(tmp_path).records() if each.kind == "encode")
    path = next((tmp_path / "arrays").rglob(f"{embedding}.npy"))
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content if how == "flip" else content[:-7])
    assert damaged(Store(tmp_path)) == [embedding]
    assert damaged(Store(tmp_path)) == []
    assert bench(toy, tmp_path).computed.total() > 0
    assert path.exists()
    numbers = [line for line in board(tmp_path).splitlines() if line.startswith("| pca")]
    assert [line for line in before.splitlines() if line.startswith("| pca")][:2] == numbers[:2]


def test_damaged_samples_are_found_when_they_are_read_and_written_anew(toy: Dataset, tmp_path: Path) -> None:
    toy = replace(toy, name="another")  # which this process has not opened yet
    path = next((tmp_path / "arrays").rglob(f"{share(toy, Store(tmp_path)).samples}.npy"))
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(StoreError, match=r"was damaged and has been dropped\. Run again"):
        bench(toy, tmp_path)
    assert bench(toy, tmp_path).computed.total() == 15


def test_commands(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)

    def call(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["store", "--store", str(tmp_path), *words], standalone_mode=False)
        return result.return_value or 0, result.output + str(result.exception or "")

    assert "cluster  ok" in call()[1]
    assert "Leaderboards: toy.full." in call()[1]
    assert call("check") == (0, "All arrays are intact.\n")
    assert "Specify what to remove" in call("prune")[1]
    assert call("prune", "--unneeded") == (0, "Dropped 0 records and 0.0 MiB of arrays.\n")
    path = next((tmp_path / "arrays").rglob("*.npy"))
    path.write_bytes(b"")
    assert call("check") == (1, f"Dropped damaged array {path.stem}\n1 damaged arrays.\n")
