"""Metrics over the budget become estimates, named and noted; what decides is the command and the data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import BadParameter, Cost, Dataset
from harness.core import cost
from harness.core.limits import read_budget
from harness.core.plan import Plan
from harness.core.spec import Spec
from harness.planning.expected_costs import Costs
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.configure import configure
from harness.registry.registry import load_registry

Call = Callable[..., tuple[int, str, str]]
REGISTRY = load_registry()
RNG = np.random.default_rng(0)
DATA = Dataset("many", RNG.random((3000, 4), dtype=np.float32), RNG.integers(3, size=3000))
FEWER = 0.02  # seconds: the silhouette of 3,000 rows takes more, that of 1,000 of them less


def planned(budget: float | None, metrics: str = "ari silhouette", **options: Any) -> Plan:
    request = Request(["identity"], ["kmeans"], metrics.split(), metric_budget=budget, **options)
    return make_plan(DATA, "full", request, REGISTRY)


def names(plan: Plan) -> list[str]:
    return [*plan.cells[0].scores]


def test_a_metric_over_the_budget_is_estimated_and_said() -> None:
    plan = planned(FEWER)
    assert names(plan) == ["ari", "silhouette-estimate(sample=1000)"]
    (note,) = [note for note in plan.notes if "silhouette" in note]
    assert note == (
        "silhouette would take more than 0.02 s per stage, so it is estimated from 1,000 rows of 3,000 as "
        "silhouette-estimate(sample=1000); for the exact value give --metric-budget 0 (identity)."
    )


@pytest.mark.parametrize("budget", [0, None, 60])
def test_exact_on_request_and_within_the_budget(budget: float | None) -> None:
    plan = planned(budget)
    assert names(plan) == ["ari", "silhouette"]
    assert not any("silhouette" in note for note in plan.notes)


def test_the_sample_is_the_largest_that_fits() -> None:
    whole = REGISTRY.hooks.hook.costs()[0]["silhouette"](3000, 4, 3, {}).operations / cost.REFERENCE
    assert names(planned(whole * 0.9))[1] == "silhouette-estimate(sample=2000)"
    assert names(planned(whole * 1.01))[1] == "silhouette"
    assert names(planned(1e-9))[1] == "silhouette-estimate(sample=1000)", "the smallest, if none fits"


def test_the_speed_of_the_machine_changes_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "speed", lambda: pytest.fail("a plan must not depend on the machine"))
    first, second = planned(FEWER), planned(FEWER)
    assert first.stages.keys() == second.stages.keys()
    named = planned(0, "ari silhouette-estimate(sample=1000)")
    assert named.stages.keys() == first.stages.keys(), "named or chosen, it is the same estimate"


def test_estimates_are_computed_only_if_needed_or_named() -> None:
    every = " ".join(REGISTRY.names("metric"))
    swept = planned(0, every, swept=("metric",))
    assert not {"silhouette-estimate", "simplified-silhouette", "medoid-silhouette"} & {*names(swept)}
    slow = planned(0, every, swept=("metric",), all=True, slow=True)
    assert {"silhouette-estimate", "simplified-silhouette", "medoid-silhouette"} <= {*names(slow)}


@pytest.mark.parametrize("text", ["-1", "inf", "nan", "soon", ""])
def test_a_wrong_budget_is_a_line(text: str) -> None:
    with pytest.raises(BadParameter, match="Give seconds per stage"):
        read_budget(text)


def test_the_command_line_and_files_take_it(
    command_line: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    call = ("bench", "-d", "blobs(n_samples=3000)", "-e", "identity", "-c", "kmeans", "-m", "silhouette")
    code, out, err = command_line(*call, "--metric-budget", "0.02", "--dry-run")
    assert code == 0
    assert "so it is estimated from 1,000 rows of 3,000" in out + err
    Path("bench.toml").write_text("metric_budget = 0.02\n")
    code, out, err = command_line(*call, "--config", "bench.toml", "--dry-run")
    assert "so it is estimated from 1,000 rows of 3,000" in out + err
    code, _, err = command_line(*call, "--metric-budget", "soon", "--dry-run")
    assert code == 2
    assert "Invalid metric budget 'soon'" in err


@pytest.mark.parametrize("kind", ["metric", "clusterer"])
def test_every_built_in_plugin_tells_its_cost(kind: Any) -> None:
    """More rows never cost less, and a million of them more than a thousand."""
    costs = Costs(REGISTRY)
    for name in REGISTRY.names(kind):
        step = configure(REGISTRY.find(kind, name), Spec(name), {"device": "cpu"})
        few, many = costs.of(step, 10**3, 10, 5), costs.of(step, 10**6, 10, 5)
        assert few is not None, f"{name} has no cost: add it to plugins/costs"
        assert many is not None
        assert 0 < few.operations < many.operations, name
        assert few.memory <= many.memory, name
    assert not costs.notes


FILE = """
from harness import Cost, hookimpl, metric

@metric(direction="higher", low=0, high=1, needs=("embedding",), source="here")
def mine(truth, labels, embedding):
    return 0.5

@metric(direction="higher", low=0, high=1, needs=("embedding",), source="here")
def other(truth, labels, embedding):
    return 0.25

@hookimpl
def metrics():
    return {"mine": mine, "other": other}

@hookimpl
def costs():
    return {"mine": lambda n, d, k, params: Cost(n * n * d * k), "other": lambda n, d, k, params: 12}
"""


def test_a_plugin_tells_its_cost_and_a_wrong_one_is_a_note(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(FILE)
    registry = load_registry([file])
    request = Request(["identity"], ["kmeans"], ["mine", "other"])
    plan = make_plan(DATA, "full", request, registry)
    found = {stage.plugin.name: stage.cost for stage in plan.stages.values()}
    assert found["mine"] == Cost(3000 * 3000 * 4 * 3)
    assert found["other"] is None
    (note,) = [note for note in plan.notes if "cost" in note]
    assert "does not tell its cost: TypeError: must return a harness.Cost, got int" in note
