"""What a store holds, what may go, and what is damaged."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from harness import Dataset
from harness.cli import app
from harness.leaderboard import load_board
from harness.plan import Request
from harness.planner import make_plan
from harness.registry import load_registry
from harness.render import markdown
from harness.run import Outcome, run
from harness.store import Store
from harness.upkeep import damaged, holdings, prune, sweep


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
    store.put(replace(old, arrays={"fitted": store.put_array(np.arange(9))}))
    assert holdings(store).unneeded == ["old"]
    records, n_bytes = prune(store, unneeded=True)
    assert (records, n_bytes > 0) == (1, True)
    assert board(tmp_path) == before
    assert bench(toy, tmp_path).computed.total() == 0


def test_old_and_large_things_go_oldest_first(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    store = Store(tmp_path)
    assert prune(store, older=timedelta(days=1)) == (0, 0)
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


def test_what_a_killed_process_did_not_finish_to_write_goes(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)
    old, new = (next(tmp_path.glob("arrays/*")) / name for name in ("tmpold", "tmpnew"))
    for path in (old, new):
        path.write_bytes(bytes(99))
    os.utime(old, (0, 0))
    assert sweep(Store(tmp_path)) == 99
    assert (old.exists(), new.exists()) == (False, True), "the other may be being written"


@pytest.mark.parametrize("how", ["flip", "cut"])
def test_damage_is_found_dropped_and_mended(toy: Dataset, tmp_path: Path, how: str) -> None:
    bench(toy, tmp_path)
    before = board(tmp_path)
    path = max((tmp_path / "arrays").rglob("*.npy"), key=lambda each: each.stat().st_size)
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content if how == "flip" else content[:-7])
    assert damaged(Store(tmp_path)) == [path]
    assert damaged(Store(tmp_path)) == []
    assert bench(toy, tmp_path).computed.total() > 0
    assert path.exists()
    numbers = [line for line in board(tmp_path).splitlines() if line.startswith("| pca")]
    assert [line for line in before.splitlines() if line.startswith("| pca")][:2] == numbers[:2]


def test_commands(toy: Dataset, tmp_path: Path) -> None:
    bench(toy, tmp_path)

    def call(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(app, ["store", "--store", str(tmp_path), *words], standalone_mode=False)
        return result.return_value or 0, result.output + str(result.exception or "")

    assert "cluster  ok" in call()[1]
    assert "Boards: toy.full." in call()[1]
    assert call("check") == (0, "All arrays are sound.\n")
    assert "Say what may go" in call("prune")[1]
    assert call("prune", "--unneeded") == (0, "Dropped 0 records and 0.0 MiB of arrays.\n")
    path = next((tmp_path / "arrays").rglob("*.npy"))
    path.write_bytes(b"")
    assert call("check") == (1, f"Damaged, and dropped: {path.stem}\n1 damaged arrays.\n")
