"""The time left is told from what was computed, never from what was reused, and withdrawn when wrong."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from harness import Dataset
from harness.core.events import Progress
from harness.core.plan import Plan, Stage
from harness.core.record import Record
from harness.execution.forecast import Forecast, forecast
from harness.execution.runner import run
from harness.execution.time_left import GRACE, Estimate
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def plan(toy: Dataset) -> Plan:
    request = Request(["pca"], ["kmeans", "gmm"], ["ari"], seeds=8)
    return make_plan(toy, "full", request, load_registry())


def of_plugin(plan: Plan, kind: str, plugin: str = "") -> list[Stage]:
    return [each for each in plan.stages.values() if each.kind == kind and plugin in each.plugin.name]


def ended(stage: Stage, seconds: float | None, reused: bool = False, status: str = "ok") -> Progress:
    if seconds is None:
        return Progress(stage, None, False, 0, 0)
    record = Record(stage.key, stage.kind, status, dict(stage.facts), seconds, "", {}, "")
    return Progress(stage, record, reused, 0, 0)


def test_unknown_until_one_of_the_kind_has_been_computed(plan: Plan) -> None:
    estimate = Estimate(Forecast([*plan.stages.values()]), jobs=2)
    assert estimate.left() is None
    estimate.ended(ended(of_plugin(plan, "encode")[0], 4.0))
    assert estimate.of("encode") == 0
    assert estimate.of("cluster") is None
    estimate.ended(ended(of_plugin(plan, "cluster", "kmeans")[0], 3.0))
    assert estimate.of("cluster") == pytest.approx(15 * 3 / 2), "gmm as kmeans, until one has been computed"
    estimate.ended(ended(of_plugin(plan, "cluster", "gmm")[0], 10.0))
    assert estimate.of("cluster") == pytest.approx((7 * 3 + 7 * 10) / 2)
    assert estimate.of() is None, "as of scores nothing is known"


def test_what_is_reused_or_skipped_shortens_no_estimate_of_the_rest(plan: Plan) -> None:
    kmeans, gmm = (of_plugin(plan, "cluster", name) for name in ("kmeans", "gmm"))
    estimate = Estimate(Forecast(gmm), jobs=1)
    for stage in kmeans:
        estimate.ended(ended(stage, 0.001, reused=True))
    assert estimate.of("cluster") is None
    estimate.ended(ended(gmm[0], 5.0))
    assert estimate.of("cluster") == 7 * 5
    estimate.ended(ended(gmm[1], None))
    assert estimate.of("cluster") == 6 * 5
    estimate.ended(ended(kmeans[0], 50.0))  # computed though a record was there
    assert estimate.of("cluster") == 6 * 5


def test_failures_tell_of_their_own_plugin_alone(plan: Plan) -> None:
    kmeans, gmm = (of_plugin(plan, "cluster", name) for name in ("kmeans", "gmm"))
    estimate = Estimate(Forecast([*kmeans, *gmm]), jobs=1)
    estimate.ended(ended(gmm[0], 0.0, status="failed"))
    assert estimate.of("cluster") is None, "nothing is known of kmeans"
    estimate.ended(ended(kmeans[0], 2.0))
    assert estimate.of("cluster") == 7 * 2


def test_few_stages_fill_no_more_jobs_than_they_are(plan: Plan) -> None:
    kmeans = of_plugin(plan, "cluster", "kmeans")
    (name,) = {stage.facts["code"]["plugin"] for stage in kmeans}
    earlier = Forecast(kmeans[:2], typical={("cluster", name): 6.0})
    assert Estimate(earlier, jobs=16).of() == 6.0
    cuda = [replace(stage, params={**stage.params, "device": "cuda"}) for stage in kmeans[:2]]
    assert Estimate(replace(earlier, todo=cuda), jobs=16).of() == 12.0, "one at a time"


def test_it_counts_down_and_is_withdrawn_when_wrong(plan: Plan) -> None:
    clock = Clock()
    typical = {(str(each.kind), each.facts["code"]["plugin"]): 4.0 for each in plan.stages.values()}
    todo = [of_plugin(plan, kind)[0] for kind in ("encode", "cluster", "score")]
    estimate = Estimate(Forecast(todo, typical=typical), 2, clock)
    assert (estimate.left(), estimate.left("encode"), estimate.left("cluster")) == (6, 4, 4)
    clock.now += 5
    assert (estimate.left(), estimate.left("encode"), estimate.left("cluster")) == (1, 0, 3)
    clock.now += 1 + GRACE
    assert estimate.left("encode") is None
    assert estimate.left() == 0
    clock.now += 1
    assert estimate.left() is None
    estimate.ended(ended(todo[0], 12.0))
    assert estimate.left() == 4, "what has ended sets it right"


def test_choices_take_no_time(toy: Dataset) -> None:
    request = Request(["pca"], ["kmeans-silhouette(k_max=4)"], ["ari"], seeds=1)
    plan = make_plan(toy, "full", request, load_registry())
    estimate = Estimate(Forecast([*plan.stages.values()]), jobs=1)
    fits = [stage for stage in plan.stages.values() if stage.kind == "cluster" and not stage.fits]
    (choice,) = (stage for stage in plan.stages.values() if stage.fits)
    estimate.ended(ended(fits[0], 2.0))
    assert estimate.of("cluster") == 2.0 * (len(fits) - 1)
    estimate.ended(ended(choice, 60.0))
    assert estimate.of("cluster") == 2.0 * (len(fits) - 1)


def test_all_that_is_expected_ends(plan: Plan, toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = make_plan(toy, "full", Request(["pca"], ["kmeans"], ["ari"], seeds=4), load_registry())
    run(first, store)
    found = forecast(plan, store)
    estimate = Estimate(found, jobs=2)
    assert 0 < len(found.todo) < len(plan.stages)
    assert estimate.of("encode") == 0
    assert estimate.of("cluster") is None, "gmm has not been computed yet"
    run(plan, store, listen=estimate.ended)
    assert (estimate.of(), estimate.left()) == (0, 0)
