"""What is removed from a store is what nothing else uses; the rest stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness import Dataset
from harness.core.cell import CellRecord
from harness.core.errors import StoreError
from harness.execution.runner import run
from harness.execution.task import share
from harness.leaderboard.build import load_board
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.claims import Claims
from harness.store.maintenance import damaged, holdings
from harness.store.removal import has_failed, plan_removal, remove
from harness.store.store import Store


def bench(data: Dataset, store: Store, clusterers: str, protocol: str = "full") -> int:
    """Run a grid, and return how many stages were computed."""
    request = Request(["identity", "pca(n_components=2)"], clusterers.split(), ["ari"], seeds=2)
    return run(make_plan(data, protocol, request, load_registry()), store).computed.total()


def every(cell: CellRecord) -> bool:
    return True


def by(clusterer: str) -> Callable[[CellRecord], bool]:
    return lambda cell: cell.clusterer == clusterer


def test_a_row_goes_and_the_rest_is_as_without_it(toy: Dataset, tmp_path: Path) -> None:
    store, other = Store(tmp_path / "store"), Store(tmp_path / "other")
    bench(toy, store, "kmeans kmeans-silhouette(k_max=4)")
    bench(toy, other, "kmeans")
    removal = remove(store, "toy.full", by("kmeans-silhouette(k_max=4)"))
    assert (len(removal.cells), removal.whole, removal.datasets) == (4, False, ())
    assert {each.key for each in store.records()} == {each.key for each in other.records()}, "candidates too"
    assert store.arrays.sizes() == other.arrays.sizes()
    boards = [load_board(each, "toy.full") for each in (store, other)]
    assert [[row.scores["ari"] for row in board.rows] for board in boards] == [
        [row.scores["ari"] for row in boards[1].rows]
    ] * 2
    assert damaged(store) == []
    assert bench(toy, store, "kmeans") == 0


def test_candidates_that_a_chooser_needs_stay(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    bench(toy, store, "kmeans kmeans-silhouette(k_max=4)")
    remove(store, "toy.full", by("kmeans"))
    assert holdings(store).unneeded == []
    assert bench(toy, store, "kmeans-silhouette(k_max=4)") == 0


def test_a_whole_board_goes_with_its_samples_and_classes(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    for protocol in ("full", "train"):
        bench(toy, store, "kmeans", protocol)
    share(toy, store)
    first = remove(store, "toy.full", every)
    assert (first.whole, first.datasets) == (True, ()), "the other board is of the same data"
    assert store.shared(f"{toy.digest} {toy.truth_digest}")
    second = remove(store, "toy.train", every)
    assert second.datasets == (f"{toy.digest} {toy.truth_digest}",)
    assert (store.boards(), list(store.records()), store.arrays.sizes(), store.datasets()) == ([], [], {}, [])


def test_what_is_planned_is_what_is_removed(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    bench(toy, store, "kmeans gmm")
    before = {each.key for each in store.records()}
    planned = plan_removal(store, "toy.full", by("gmm"))
    assert {each.key for each in store.records()} == before
    assert remove(store, "toy.full", by("gmm")) == planned
    assert planned.n_bytes > 0
    assert {each.key for each in store.records()} == before - {*planned.records}


def test_runs_that_failed_and_not_those_without_meaning(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    bench(toy, store, "kmeans kmeans(n_clusters=99) optics", "train-test")
    failed = {cell.clusterer for cell in store.cells("toy.train-test") if has_failed(store, cell)}
    assert failed == {"kmeans(n_clusters=99)"}, "optics is not applicable"


def test_nothing_is_removed_under_a_run(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    bench(toy, store, "kmeans")
    with Claims(store), pytest.raises(StoreError, match="A run is using"):
        remove(store, "toy.full", every)
    assert len(store.cells("toy.full")) == 4
