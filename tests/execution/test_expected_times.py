"""Expected seconds: of earlier stages by their costs, else of this machine; long stages are named before."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from harness import Cost, Dataset
from harness.core.cost import speed
from harness.core.limits import Limits
from harness.core.plan import Stage
from harness.core.record import Record
from harness.execution.expected_times import ExpectedTimes
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry

RNG = np.random.default_rng(0)
DATA = Dataset("some", RNG.random((1200, 4), dtype=np.float32), RNG.integers(3, size=1200))
REQUEST = Request(["identity"], ["kmeans", "birch", "kmeans-silhouette"], ["ari", "silhouette"], seeds=2)
STAGES = [*make_plan(DATA, "full", REQUEST, load_registry()).stages.values()]


def stage_of(name: str, operations: float | None, memory: float = 0.0) -> Stage:
    stage = next(stage for stage in STAGES if stage.plugin.name == name)
    return replace(stage, cost=None if operations is None else Cost(operations, memory))


def record_of(stage: Stage, seconds: float) -> Record:
    operations = stage.cost.operations if stage.cost else 0.0
    facts: Any = dict(stage.facts)
    return Record(stage.key, stage.kind, "ok", facts, seconds, "", {}, "", operations=operations)


def times(records: list[Record], todo: list[Stage], pace: float = 1e10) -> ExpectedTimes:
    return ExpectedTimes(records, todo, lambda: pace)


def test_the_first_time_it_is_the_speed_of_the_machine() -> None:
    stage = stage_of("kmeans", 3e12)
    assert times([], [stage]).of(stage) == pytest.approx(300)
    assert times([], [stage], pace=1e11).of(stage) == pytest.approx(30)


def test_then_the_time_per_operation_of_earlier_stages() -> None:
    earlier = [record_of(stage_of("kmeans", 1e10 * size), 7.0 * size) for size in (1, 2, 3)]
    stage = stage_of("kmeans", 1e12)
    assert times(earlier, [stage]).of(stage) == pytest.approx(700)


def test_of_a_stage_too_short_to_measure_nothing_follows() -> None:
    earlier = [record_of(stage_of("kmeans", 1e6), 0.01)]
    stage = stage_of("kmeans", 3e12)
    assert times(earlier, [stage]).of(stage) == pytest.approx(300)


def test_without_a_cost_it_is_the_median_of_earlier_stages() -> None:
    earlier = [record_of(stage_of("kmeans", None), seconds) for seconds in (1.0, 4.0, 50.0)]
    stage = stage_of("kmeans", None)
    assert times(earlier, [stage]).of(stage) == 4.0
    assert times([], [stage]).of(stage) is None


def test_a_machine_is_not_measured_for_brief_stages() -> None:
    stage = stage_of("kmeans", 1e6)
    found = ExpectedTimes([], [stage], lambda: pytest.fail("measured for nothing"))
    assert found.of(stage) is None


def test_long_stages_are_named_with_their_time_and_number() -> None:
    stages = [replace(each, cost=Cost(1.5e12)) for each in STAGES if each.plugin.name == "kmeans"][:2]
    (line,) = times([], stages).long(stages, Limits())
    assert line == "kmeans: about 2 min a stage, 2 stages"
    uneven = [stages[0], replace(stages[1], cost=Cost(9e12))]
    assert times([], uneven).long(uneven, Limits()) == ["kmeans: up to 15 min a stage, 2 stages"]
    brief = [replace(each, cost=Cost(5e11)) for each in stages]
    assert times([], brief).long(brief, Limits()) == []


def test_stages_of_one_call_share_its_time() -> None:
    scores = [replace(each, cost=Cost(6e12)) for each in STAGES if each.kind == "score" and each.shares]
    assert len(scores) > 1, "silhouettes of one embedding are computed together"
    batch = [replace(each, batch="together") for each in scores]
    found = times([], batch)
    assert sum(found.of(each) or 0 for each in batch) == pytest.approx(600)
    (line,) = found.long(batch, Limits())
    assert line == f"silhouette: about 10 min a pass, {len(batch)} stages in 1 pass"


def test_more_memory_than_there_is_is_named() -> None:
    stage = stage_of("kmeans", 1e9, memory=2.0**33)
    (line,) = times([], [stage]).long([stage], Limits(memory=2**32))
    assert line == "kmeans: needs about 8 GiB of memory, of 4 GiB"
    assert times([], [stage]).long([stage], Limits(memory=2**34)) == []


def test_the_speed_is_that_of_a_matrix_product() -> None:
    """By the time of one here, as seldom as others use the core: within a factor that no unit error has."""
    X = RNG.random((512, 512), dtype=np.float32)
    with threadpool_limits(1):
        took = []
        for _ in range(20):
            start = time.perf_counter()
            X @ X
            took.append(time.perf_counter() - start)
    assert 0.02 < speed() * min(took) / 512**3 < 50
