"""Scores that share work among the clusterers of one embedding."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import Dataset, metric
from harness.core.errors import HarnessError
from harness.core.events import Outcome
from harness.core.plan import Plan
from harness.core.plugin import Plugin
from harness.execution.pool import Workers
from harness.execution.runner import run
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import Registry, load_registry
from harness.store.store import Store

LOG: list[int] = []


def rows_apart(embedding: Any, labelings: Sequence[Any]) -> list[float | None]:
    """Share work: note how many came together; there is no value for a single cluster."""
    LOG.append(len(labelings))
    if len(labelings) > BREAKS[0]:
        raise ValueError("too many")
    return [float(len(np.unique(each))) if len(np.unique(each)) > 1 else None for each in labelings]


BREAKS = [99]


@metric(direction="higher", low=0, high=99, needs=("embedding",), source="x", together=rows_apart)
def shared(truth: Any, labels: Any, embedding: Any) -> float:
    """Count the clusters, alone."""
    LOG.append(1)
    if len(np.unique(labels)) < 2:
        from harness import NotApplicable

        raise NotApplicable("one cluster")
    return float(len(np.unique(labels)))


@pytest.fixture
def registry() -> Registry:
    found = load_registry()
    found.plugins["metric", "shared"] = Plugin("metric", "shared", f"{__name__}:shared", "test")
    return found


@pytest.fixture
def plan(toy: Dataset, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Plan:
    monkeypatch.setattr("harness.planning.stages.SHARED", 10)
    monkeypatch.setattr("harness.planning.stages.MANY", 10)
    LOG.clear()
    request = Request(
        ["identity", "pca(n_components=2)"],
        ["kmeans", "minibatch-kmeans", "agglomerative", "dbscan(eps=9.0)"],
        ["shared", "n-clusters"],
        seeds=2,
        n_clusters=3,
    )
    return make_plan(toy, "full", request, registry)


def scores(plan: Plan, outcome: Outcome) -> list[Any]:
    keys = [cell.scores["shared"].key for cell in plan.cells]
    return [(outcome.records[key].status, outcome.records[key].values.get("score")) for key in keys]


EXPECTED = 2 * [*4 * [("ok", 3.0)], ("ok", 3.0), ("not-applicable", None)]


def test_one_call_for_each_embedding(plan: Plan, tmp_path: Path) -> None:
    outcome = run(plan, Store(tmp_path))
    assert scores(plan, outcome) == EXPECTED
    assert sorted(LOG) == [1, 1, 6, 6], "what has no value is asked alone, to say why"
    assert run(plan, Store(tmp_path)).computed.total() == 0
    stored = [Store(tmp_path).get(cell.scores["shared"].key) for cell in plan.cells]
    assert all(record and record.key and not record.beside for record in stored)
    assert len({record.facts["after"][0] for record in stored if record}) == len(plan.cells)


def test_what_is_new_alone_is_computed(plan: Plan, toy: Dataset, registry: Registry, tmp_path: Path) -> None:
    run(plan, Store(tmp_path))
    LOG.clear()
    request = Request(
        ["identity"], ["kmeans", "birch", "bisecting-kmeans"], ["shared"], seeds=2, n_clusters=3
    )
    run(make_plan(toy, "full", request, registry), Store(tmp_path))
    assert LOG == [3]


def test_a_call_that_fails_is_made_for_each_alone(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.BREAKS", [4])
    outcome = run(plan, Store(tmp_path))
    assert scores(plan, outcome) == EXPECTED
    labels = {
        (cell.steps, outcome.records[cell.cluster].arrays["fitted"]) for cell in plan.cells if cell.cluster
    }
    assert sorted(LOG) == [*len(labels) * [1], 6, 6], "equal labels of one embedding are scored once"


def test_equal_labels_are_scored_once_and_have_a_record_each(
    toy: Dataset, registry: Registry, tmp_path: Path
) -> None:
    LOG.clear()
    request = Request(["identity"], ["kmeans", "fit=kmeans(max_iter=299)"], ["shared", "ari"], seeds=1)
    plan = make_plan(toy, "full", request, registry)
    outcome = run(plan, Store(tmp_path))
    first, second = (outcome.records[cell.scores["shared"].key] for cell in plan.cells)
    assert LOG == [1]
    assert first.values == second.values
    assert first.key != second.key
    assert first.facts["after"] != second.facts["after"]
    assert Store(tmp_path).get(second.key) == second


def test_scores_of_a_fit_are_sent_together(toy: Dataset, tmp_path: Path) -> None:
    plan = make_plan(
        toy, "full", Request(["identity"], ["kmeans"], ["ari", "nmi", "purity"], seeds=1), load_registry()
    )
    sent = []

    class Counting(Workers):
        def submit(self, function: Any, task: Any, /) -> Any:
            sent.append(1 + len(task.beside))
            return super().submit(function, task)

    with Counting(1) as workers:
        outcome = run(plan, Store(tmp_path), executor=workers)
    assert sent == [1, 1, 3]
    assert all(record.ok and not record.beside for record in outcome.records.values())


def test_a_clusterer_that_fails_harms_no_other(toy: Dataset, registry: Registry, tmp_path: Path) -> None:
    request = Request(["identity"], ["kmeans", "kmeans(n_clusters=999)"], ["shared"], seeds=1)
    plan = make_plan(toy, "full", request, registry)
    outcome = run(plan, Store(tmp_path))
    assert outcome.records[plan.cells[0].scores["shared"].key].ok


def test_a_limit_that_cannot_be_set_is_the_failure_of_each_score(
    toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plan(*metrics: str) -> Plan:
        return make_plan(toy, "full", Request(["identity"], ["kmeans"], metrics, seeds=1), load_registry())

    def refused(threads: int) -> None:
        raise HarnessError("threads cannot be limited")

    run(plan("purity"), Store(tmp_path))
    monkeypatch.setattr("harness.execution.attempt.limit_threads", refused)
    found = plan("ari", "nmi")
    outcome = run(found, Store(tmp_path))
    records = [outcome.records[score.key] for score in found.cells[0].scores.values()]
    assert [(each.status, each.error) for each in records] == 2 * [("failed", "threads cannot be limited")]


PRINTING = """
import os
from harness import hookimpl, metric

@metric(direction="higher", low=0, high=1, needs=(), source="test")
def quiet(truth, labels, embedding): return 0.5
@metric(direction="higher", low=0, high=1, needs=(), source="test")
def loud(truth, labels, embedding): print("one word"); return 0.5
@metric(direction="higher", low=0, high=1, needs=(), source="test")
def deadly(truth, labels, embedding): os._exit(3)

@hookimpl
def metrics(): return {"quiet": quiet, "loud": loud, "deadly": deadly}
"""


@pytest.mark.parametrize(
    "names", [["quiet", "loud", "deadly"], ["deadly", "loud", "quiet"], ["loud", "quiet"]]
)
def test_what_is_sent_together_is_told_apart(names: list[str], toy: Dataset, tmp_path: Path) -> None:
    (tmp_path / "printing.py").write_text(PRINTING)
    registry = load_registry([tmp_path / "printing.py"])
    plan = make_plan(toy, "full", Request(["identity"], ["kmeans"], names, seeds=1), registry)
    with Workers(1) as workers:
        outcome = run(plan, Store(tmp_path), executor=workers)
    (cell,) = plan.cells
    records = {name: outcome.records[cell.scores[name].key] for name in names}
    assert {name: record.status for name, record in records.items()} == {
        name: "crashed" if name == "deadly" else "ok" for name in names
    }
    assert records["loud"].output.strip() == "one word"
    assert not records["quiet"].output


def test_same_in_worker_processes(toy: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.planning.stages.SHARED", 10)
    request = Request(["identity"], ["kmeans", "agglomerative", "gmm"], ["silhouette"], seeds=2)
    found = []
    for jobs in (0, 2):
        plan = make_plan(toy, "train-test", request, load_registry())
        assert {stage.batch for stage in plan.stages.values() if stage.kind == "score"} != {""}
        with Workers(max(1, jobs)) as workers:
            outcome = run(plan, Store(tmp_path / str(jobs)), executor=workers if jobs else None)
        records = [outcome.records[cell.scores["silhouette"].key] for cell in plan.cells if cell.scores]
        found.append([record.values["score"] for record in records])
    assert len(found[0]) == 4
    assert found[0] == pytest.approx(found[1], abs=1e-12)
