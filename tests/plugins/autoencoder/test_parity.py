"""Both engines agree: embeddings before training, and losses in it, for every layer, loss and optimizer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import engine_cases
import numpy as np
import pytest

from harness.plugins.autoencoder import layers

Run = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def run(workers: Any) -> Run:
    """Run a case in one engine or the other, once."""
    results: dict[tuple[str, str], dict[str, Any]] = {}

    def both(engine: str, name: str) -> dict[str, Any]:
        key = (engine, name)
        if key not in results:
            framework = {"torch": "torch", "keras": "tensorflow"}[engine]
            results[key] = workers.ask(framework, engine_cases.run_case, engine, name)
        return results[key]

    return both


@pytest.mark.parametrize("name", engine_cases.CASES)
def test_engines_agree(name: str, run: Run) -> None:
    torch, keras = run("torch", name), run("keras", name)
    for what in ("code", "reconstruction"):
        np.testing.assert_allclose(torch[what], keras[what], atol=1e-5, err_msg=what)
    assert len(torch["loss"]) == engine_cases.EPOCHS >= 3
    for what in ("loss", "validation_loss"):
        np.testing.assert_allclose(torch.get(what, []), keras.get(what, []), rtol=1e-3, err_msg=what)
    assert torch["loss"][-1] < torch["loss"][0], "nothing was learned"


@pytest.mark.parametrize("engine", ["torch", "keras"])
@pytest.mark.parametrize("name", ["dropout", "conv batch norm and dropout", "noise"])
def test_same_seed_same_bits(engine: str, name: str, run: Run, workers: Any) -> None:
    framework = {"torch": "torch", "keras": "tensorflow"}[engine]
    again = workers.ask(framework, engine_cases.run_case, engine, name)
    first = run(engine, name)
    assert again["loss"] == first["loss"]
    assert again["after"].tobytes() == first["after"].tobytes()


@pytest.mark.parametrize("engine", ["torch", "keras"])
def test_weights_come_back_in_the_described_shapes(engine: str, run: Run) -> None:
    for name, case in engine_cases.CASES.items():
        described = [shape for shapes in case.architecture.weight_shapes for shape in shapes.values()]
        assert run(engine, name)["shapes"] == described


def test_every_kind_of_layer_is_in_some_case() -> None:
    used = {type(layer) for case in engine_cases.CASES.values() for layer in case.architecture.layers}
    kinds = {
        each for each in vars(layers).values() if isinstance(each, type) and dataclasses.is_dataclass(each)
    }
    assert used == kinds - {layers.Layer}
