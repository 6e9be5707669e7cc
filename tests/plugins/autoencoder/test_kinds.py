"""The variational, denoising and stacked autoencoders; in a process of PyTorch's own."""

from __future__ import annotations

from typing import Any

import kinds
import numpy as np
import pytest

from harness import BadParameter
from harness.plugins.encoders.denoising_ae import DenoisingAE
from harness.plugins.encoders.stacked_ae import StackedAE
from harness.plugins.encoders.vae import VAE

each = pytest.mark.parametrize("kind", kinds.KINDS)


@pytest.fixture
def ask(workers: Any) -> Any:
    """Call a function in PyTorch's process."""
    return lambda function, *args: workers.ask("torch", function, *args)


@pytest.fixture
def fit(ask: Any) -> Any:
    """Fit in PyTorch's process."""
    return lambda kind, **params: ask(kinds.fit, kind, params)


@each
def test_it_learns_to_restore_digits(fit: Any, kind: str) -> None:
    found = fit(kind, epochs=60, learning_rate=0.005)
    assert found["codes"].shape == (600, 4)
    assert found["error"] < 0.75 * found["variance"]
    assert found["history"]["loss"][-1] < found["history"]["loss"][0]
    assert len(found["history"]["validation_loss"]) == 60
    assert found["n_parameters"] == found["n_weights"] == sum(row.n_parameters for row in found["summary"])


@each
def test_seed_decides_all(ask: Any, fit: Any, kind: str) -> None:
    first = fit(kind, dropout=0.1)["codes"].tobytes()
    assert fit(kind, dropout=0.1)["codes"].tobytes() == first
    assert fit(kind, dropout=0.1, random_state=1)["codes"].tobytes() != first
    assert ask(kinds.copies, kind) == [True, True, True]
    assert ask(kinds.untouched, kind)


def test_the_bound_is_that_of_the_paper(ask: Any) -> None:
    ours, plain = ask(kinds.bound)
    assert ours == pytest.approx(plain, rel=1e-4)


def test_codes_come_near_the_prior_by_the_weight_of_the_divergence(fit: Any) -> None:
    loose, tight = (fit("vae", epochs=40, beta=beta)["codes"] for beta in (0, 30))
    assert np.abs(loose).mean() > 4 * np.abs(tight).mean()


def test_corruption_is_of_inputs_in_training_alone(fit: Any) -> None:
    more = {"epochs": 40, "learning_rate": 0.005}
    found = {share: fit("denoising_ae", corruption=share, **more)["history"] for share in (0, 0.5)}
    harder = {share: each["loss"][-1] - each["validation_loss"][-1] for share, each in found.items()}
    assert harder[0] < 0.002 < harder[0.5]


def test_pretraining_restores_before_the_whole_is_trained(ask: Any) -> None:
    assert ask(kinds.first_loss, 30) < 0.8 * ask(kinds.first_loss, 1)


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (VAE(beta=-1), "beta must be a number of at least 0, got -1"),
        (VAE(code_activation="relu"), "code_activation must be linear, as a mean is, got 'relu'"),
        (VAE(code_layer=0), "code_layer must be -1, the layer of the mean, got 0"),
        (DenoisingAE(corruption=1), "corruption must be a number of at least 0 and below 1, got 1"),
        (StackedAE(corruption="x"), "corruption must be a number of at least 0 and below 1, got 'x'"),
        (StackedAE(layer_epochs=0), "layer_epochs must be a whole number of at least 1, got 0"),
        (StackedAE(batch_normalization=True), "batch_normalization must be False"),
    ],
)
def test_bad_parameters_are_refused(model: Any, says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        model.check_params()
