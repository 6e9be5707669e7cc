"""The baseline of the field on the real Fashion-MNIST: one initialisation, many answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.interfaces import Dataset
from harness.execution.runner import run
from harness.planning.datasets import open_dataset
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry
from harness.store.store import Store


@pytest.fixture(scope="module")
def fashion() -> Dataset:
    registry = load_registry()
    info = load_plugin(registry.find("dataset", "fashion-mnist")).info
    if info.find() is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    return open_dataset("fashion-mnist", registry)


def test_content(fashion: Dataset) -> None:
    assert (fashion.n_samples, fashion.n_features, fashion.n_classes, fashion.n_train) == (
        70_000,
        784,
        10,
        60_000,
    )
    assert fashion.digest == "c61d535d55ac4aa60113fef81dd74c216e5f4675f04ac2585ff445f4439fcbb7"


def test_solution_of_lowest_inertia(fashion: Dataset, tmp_path: Path) -> None:
    request = Request(["identity"], ["kmeans(random_state=1)"], ["accuracy", "purity"], seeds=1)
    plan = make_plan(fashion, "train-test", request, load_registry())
    outcome = run(plan, Store(tmp_path))
    (cell,) = plan.cells
    assert outcome.records[cell.cluster].values["inertia"] == pytest.approx(1_906_650, rel=1e-5)
    scores = {name: outcome.records[score.key].values["score"] for name, score in cell.scores.items()}
    assert scores == {"accuracy": pytest.approx(0.4828, abs=5e-4), "purity": pytest.approx(0.5598, abs=5e-4)}
