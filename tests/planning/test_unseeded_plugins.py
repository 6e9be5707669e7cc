"""Plugins of others that have no seed: found out once, run once per seed, and published as that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import harness
from harness import Dataset
from harness.core.cell import CellRecord
from harness.core.limits import Limits
from harness.core.plan import Plan
from harness.execution.inline import Inline
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.leaderboard.build import load_board
from harness.leaderboard.flags import flags
from harness.planning.planner import make_plan
from harness.planning.plugin_answers import Answers
from harness.planning.request import Request
from harness.planning.unseeded_plugins import ROWS, is_foreign
from harness.registry.registry import load_registry
from harness.store.store import Store

MODULE = '''
import os
import time

import numpy as np

from harness import hookimpl


class Drawn:
    def fit(self, X):
        self.labels_ = np.random.randint(3, size=len(X))


class Sorted:
    def fit(self, X):
        self.labels_ = (X[:, 0] > X[:, 0].mean()).astype(int)


class Jitter:
    def fit(self, X):
        return self

    def transform(self, X):
        return X + np.random.random(X.shape)


class Hangs:
    def fit(self, X):
        time.sleep(3600)


class Ends:
    def fit(self, X):
        os._exit(3)


class Choice:
    """Has no seed, but what it chooses from has one."""

    def candidates(self, n_samples):
        return {k: ("kmeans", {"n_clusters": k, "n_init": 1}) for k in (2, 3)}

    def choose(self, X, fits):
        return fits[0]


@hookimpl
def clusterers():
    return {"drawn": Drawn, "sorted": Sorted, "hangs": Hangs, "ends": Ends, "choice": Choice}


@hookimpl
def encoders():
    return {"jitter": Jitter}
'''


class Counting(Inline):
    """Counts the trials, and notes how many rows each had."""

    def __init__(self) -> None:
        self.rows: list[int] = []

    def trial(self, plugin: Any, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        self.rows.append(len(args[-1]))
        return super().trial(plugin, function, *args)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "seedless.py"
    path.write_text(MODULE)
    return path


def planned(
    data: Dataset, file: Path, *clusterers: str, host: Any = None, encoder: str = "identity", **more: Any
) -> Plan:
    request = Request([encoder], clusterers, ["ari"], **{"seeds": 3, **more})
    return make_plan(data, "full", request, load_registry([file]), host or Inline())


def seeds_of(plan: Plan) -> list[tuple[int | None, int | None]]:
    return [cell.seeds for cell in plan.cells]


def test_what_draws_is_run_for_each_seed_and_what_repeats_once(toy: Dataset, file: Path) -> None:
    drawn = planned(toy, file, "drawn")
    assert seeds_of(drawn) == [(None, 0), (None, 1), (None, 2)]
    assert len({cell.cluster for cell in drawn.cells}) == 3
    assert [note for note in drawn.notes if "drawn has no random_state" in note and "unseeded" in note]
    repeating = planned(toy, file, "sorted")
    assert seeds_of(repeating) == [(None, None)]
    assert not repeating.notes
    assert seeds_of(planned(toy, file, "sorted", encoder="jitter")) == [(0, None), (1, None), (2, None)]


def test_its_runs_can_be_had_again(toy: Dataset, file: Path, tmp_path: Path) -> None:
    labels = []
    for name in ("one", "other"):
        plan, store = planned(toy, file, "drawn"), Store(tmp_path / name)
        done = run(plan, store).records
        labels.append([store.arrays.get(done[cell.cluster].arrays["fitted"]) for cell in plan.cells])
        (row,) = load_board(store, "toy.full").rows
        assert (flags(row), row.runs, row.deterministic) == (["unseeded"], 3, False)
    assert np.array_equal(labels[0], labels[1])
    assert not np.array_equal(labels[0][0], labels[0][1])


def test_it_is_tried_once_for_all_on_a_part_of_the_rows(file: Path, tmp_path: Path) -> None:
    data = Dataset("many", np.random.default_rng(0).random((ROWS + 500, 2)).astype(np.float32))
    host = Counting()
    for _ in range(2):
        answers = Answers(host, tmp_path)
        plan = planned(data, file, "drawn", "sorted", host=answers)
        answers.keep()
        assert len(plan.cells) == 4
    assert host.rows == [ROWS, ROWS]


def test_built_in_plugins_are_not_tried(toy: Dataset, file: Path) -> None:
    host = Counting()
    planned(toy, file, "kmeans", "agglomerative", "kmeans(random_state=3)", host=host)
    assert not host.rows
    registry = load_registry([file])
    assert not is_foreign(registry.find("clusterer", "agglomerative"))
    assert is_foreign(registry.find("clusterer", "drawn"))


def test_one_that_hangs_or_ends_its_process_does_not_hold_the_plan(toy: Dataset, file: Path) -> None:
    with Workers(1, limits=Limits({"cluster": 1.0})) as workers:
        plan = planned(toy, file, "hangs", "ends", host=workers, seeds=2)
    assert len(plan.cells) == 4
    assert len(plan.notes) == 2
    assert all("ran longer than 1 s" in note or "exited with code 3" in note for note in plan.notes)


def test_a_chooser_without_a_seed_has_that_of_its_fits(toy: Dataset, file: Path) -> None:
    plan = planned(toy, file, "choice")
    assert seeds_of(plan) == [(None, 0), (None, 1), (None, 2)]
    fits = [stage for stage in plan.stages.values() if stage.kind == "cluster" and not stage.fits]
    assert sorted(stage.params["random_state"] for stage in fits) == [0, 0, 1, 1, 2, 2]


def test_what_is_known_already_is_not_tried(toy: Dataset, file: Path) -> None:
    host = Counting()
    plan = planned(toy, file, "drawn", "sorted", host=host, unseeded=["sorted"])
    assert [(cell.clusterer, cell.clusterer_seed) for cell in plan.cells] == [
        ("drawn", None),
        *(("sorted", seed) for seed in range(3)),
    ]
    assert not host.rows


def cells(folder: Path, name: str) -> list[CellRecord]:
    return list(Store(folder).cells(name))


def test_a_program_gets_the_same(toy: Dataset, file: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    found = harness.bench(
        toy, "identity", "drawn", ["ari"], plugins=file, seeds=2, jobs=1, store=store, progress=False
    )
    assert [cell.seeds for cell in cells(store, "toy.full")] == [(None, 0), (None, 1)]
    assert any("unseeded" in note for note in found.notes)
    assert found.boards[0].rows[0].seeding == ["unseeded"]
