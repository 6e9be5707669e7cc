"""What a run would do, told before it, agrees with what it then does; and why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness import Dataset
from harness.cli import app
from harness.core.plan import Plan
from harness.execution.forecast import explain, forecast
from harness.execution.runner import run
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.registry import load_registry
from harness.store.store import Store


def plan(data: Dataset, encoders: str = "pca(n_components=2)", clusterers: str = "kmeans") -> Plan:
    request = Request(encoders.split(), clusterers.split(), ["ari", "silhouette"], seeds=2)
    return make_plan(data, "full", request, load_registry())


@pytest.mark.parametrize("clusterers", ["kmeans", "kmeans gmm", "kmeans-silhouette(k_max=4) kmeans", "birch"])
def test_what_is_foretold_is_what_is_done(toy: Dataset, tmp_path: Path, clusterers: str) -> None:
    store = Store(tmp_path)
    run(plan(toy), store)
    told = forecast(plan(toy, clusterers=clusterers), store)
    done = run(plan(toy, clusterers=clusterers), store)
    assert len(told.todo) == done.computed.total()
    assert told.reused == done.reused
    assert forecast(plan(toy, clusterers=clusterers), store).todo == []


def test_times_are_those_of_the_same_plugin(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    run(plan(toy), store)
    for record in [*store.records()]:
        store.put(replace(record, seconds={"encode": 5.0, "cluster": 7.0, "score": 0.5}[record.kind]))
    told = forecast(plan(toy, "pca(n_components=3)", "kmeans gmm"), store)
    assert told.seconds == pytest.approx({"encode": 5, "cluster": 14, "score": 4}, rel=0.1)
    assert told.seconds["cluster"] > 14, "k-means on one more component has more to do"
    assert told.short == {"cluster": 2}, "mixtures of so few rows surely take less than a second"
    assert not told.unknown
    assert told.memory > 2**20


def test_reasons(toy: Dataset, tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert {reason for _, reason in explain([*plan(toy).stages.values()], store)} == {
        "the store has no results of this plugin"
    }
    run(plan(toy), store)

    def reasons(other: Plan) -> dict[str, str]:
        told = forecast(other, store)
        return {stage.label: reason for stage, reason in explain(told.todo, store)}

    assert reasons(plan(toy)) == {}
    assert reasons(plan(toy, "pca(n_components=3)")) == {
        "encode pca(n_components=3)": "params.n_components: 2 -> 3"
    }
    changed = reasons(plan(toy, clusterers="kmeans(n_init=4)"))
    assert changed["cluster pca(n_components=2) by kmeans(n_init=4) seed 1"] == "params.n_init: 1 -> 4"
    other = Dataset("toy", toy.samples[::-1].copy(), toy.truth, n_train=40)
    assert reasons(plan(other)) == {"encode pca(n_components=2)": "the samples have changed"}
    for record in [*store.records()]:
        code = {**record.facts["code"], "source": "older", "libraries": {"scikit-learn": "1.0"}}
        store.drop([record.key])
        store.put(replace(record, key=f"old {record.key}", facts={**record.facts, "code": code}))
    (reason,) = reasons(plan(toy)).values()
    assert "the plugin's code has changed" in reason
    assert "code.libraries.scikit-learn: 1.0 -> " in reason


def test_commands_compute_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    call = ["bench", "-e", "pca", "-c", "kmeans", "--seeds", "2", "-m", "ari"]
    for option, says in (("--dry-run", "5 stages of less than a second each"), ("--explain", "(2 seeds)")):
        result = CliRunner().invoke(app, [*call, option], standalone_mode=False)
        assert result.exception is None
        assert result.return_value == 0
        assert says in result.output or option == "--explain"
        assert "Nothing was computed." in result.output
    assert not (tmp_path / "leaderboard").exists()
