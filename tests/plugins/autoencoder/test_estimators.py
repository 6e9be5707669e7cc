"""The four autoencoders as estimators, on real data and bad training; in processes of their own."""

from __future__ import annotations

from typing import Any

import fits
import numpy as np
import pytest

from harness import BadParameter, HarnessError, NotApplicable

ENGINES = list(fits.FRAMEWORKS)
KINDS = ["dense", "conv"]
pytestmark = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def ask(workers: Any, engine: str) -> Any:
    """Call a function in the engine's process."""
    return lambda function, *args: workers.ask(fits.FRAMEWORKS[engine], function, *args)


@pytest.fixture
def fit(workers: Any, engine: str) -> Any:
    """Fit in the engine's process."""
    return lambda kind, **params: workers.ask(fits.FRAMEWORKS[engine], _fit, kind, engine, params)


def _fit(kind: str, engine: str, params: dict[str, Any]) -> dict[str, Any]:
    return fits.fit(kind, engine, **params)


@pytest.mark.parametrize("kind", KINDS)
def test_fit_tells_what_it_did(fit: Any, kind: str) -> None:
    found = fit(kind, epochs=30)
    assert found["codes"].shape == (100, 3)
    assert found["codes"].dtype == np.float32
    assert found["epochs"] == len(found["history"]["loss"]) == 30
    assert found["best"] == 30
    assert found["history"]["loss"][-1] < found["history"]["loss"][0]
    assert found["error"] == pytest.approx(found["history"]["loss"][-1], rel=0.5)
    assert found["n_parameters"] == found["n_weights"] == sum(row.n_parameters for row in found["summary"])
    assert not found["warnings"]


@pytest.mark.parametrize("kind", KINDS)
def test_seed_decides_all(fit: Any, kind: str) -> None:
    first = fit(kind, noise=0.1, dropout=0.1)
    assert fit(kind, noise=0.1, dropout=0.1)["codes"].tobytes() == first["codes"].tobytes()
    assert fit(kind, noise=0.1, dropout=0.1, random_state=1)["codes"].tobytes() != first["codes"].tobytes()


def test_copies_and_a_second_fit_give_the_same_codes(ask: Any, engine: str) -> None:
    assert ask(fits.copies, engine) == [True, True, True]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
def test_divergence_stops_with_epoch_rate_and_advice(fit: Any, kind: str, optimizer: str) -> None:
    says = r"diverged: the loss is (nan|inf) in epoch \d of 9, with .* at learning rate 1e\+30. Lower"
    with pytest.raises(HarnessError, match=says):
        fit(kind, learning_rate=1e30, optimizer=optimizer, epochs=9, output_activation="linear")


def test_dead_encoder_is_flagged(fit: Any) -> None:
    found = fit("dense", code_activation="relu", learning_rate=100.0, optimizer="sgd", epochs=2)
    assert np.ptp(found["codes"]) == 0
    assert any("dead encoder" in text for text in found["warnings"])


@pytest.mark.parametrize(("scale", "offset"), [(1e6, 0), (1e-6, 0), (10, 1e9), (1e300, -1e302)])
@pytest.mark.parametrize(("kind", "output"), [("dense", "sigmoid"), ("dense", "linear"), ("conv", "sigmoid")])
def test_unit_and_offset_change_nothing(
    ask: Any, engine: str, kind: str, output: str, scale: float, offset: float
) -> None:
    """The codes of a * X + c are those of X, and reconstructions have its units."""
    codes, moved, images, restored = ask(fits.moved, kind, engine, output, scale, offset)
    np.testing.assert_allclose(moved, codes, atol=2e-4 * np.abs(codes).max())
    np.testing.assert_allclose((restored - offset) / scale, images, atol=1e-3)


def test_values_from_0_to_1_are_left_alone(ask: Any, engine: str) -> None:
    assert ask(fits.plain, engine) == [True, True]


@pytest.mark.parametrize("kind", KINDS)
def test_batch_larger_than_n_and_odd_sizes(fit: Any, kind: str) -> None:
    for batch_size in (1, 7, 17, 1000):  # of 18 rows, as two are held out
        found = fit(kind, n=20, batch_size=batch_size, epochs=1, batch_normalization=True)
        assert np.isfinite(found["codes"]).all()


def test_without_validation(fit: Any) -> None:
    found = fit("dense", validation_fraction=0)
    assert list(found["history"]) == ["loss"]
    assert len(found["history"]["loss"]) == 3


def test_two_samples_are_enough_and_one_is_not(fit: Any) -> None:
    for fraction in (0.1, 0.9):
        found = fit("dense", n=2, validation_fraction=fraction, patience=5)
        assert found["codes"].shape == (2, 3)
        assert len(found["history"]["loss"]) == len(found["history"]["validation_loss"]) == 3
    with pytest.raises(BadParameter, match="validation needs at least 2 samples, got 1"):
        fit("dense", n=1)


def test_early_stopping_keeps_the_best_weights(ask: Any, engine: str) -> None:
    losses, kept, best = ask(fits.kept_weights_are_the_best, engine)
    assert len(losses) < 40, "it did not stop"
    assert best == int(np.argmin(losses)) + 1 == len(losses) - 2
    assert kept == pytest.approx(min(losses), rel=1e-4)


def test_code_before_the_narrowest_layer(fit: Any) -> None:
    assert fit("dense", layers=(16, 8), code_layer=-2)["codes"].shape == (100, 8)
    assert fit("conv", code_layer=0)["codes"].shape == (100, 3 * 3 * 4)
    assert fit("conv", latent=None)["codes"].shape == (100, 3 * 3 * 4)


def test_other_features_than_in_fit(ask: Any, engine: str) -> None:
    with pytest.raises(BadParameter, match=r"must have shape \(n, 60\), as in fit, got \(100, 59\)"):
        ask(fits.transform_other_width, engine)


def test_images_are_needed(fit: Any) -> None:
    with pytest.raises(NotApplicable, match="needs images"):
        fit("conv", image_shape=None)


def test_a_device_that_is_not_there(fit: Any, engine: str) -> None:
    with pytest.raises(BadParameter, match=f"device 'mps' is not available in {fits.FRAMEWORKS[engine]}"):
        fit("dense", device="mps")


def test_frameworks_never_meet(fit: Any, ask: Any, engine: str) -> None:
    fit("dense")
    assert ask(fits.loaded) == ({"torch"} if engine == "torch" else {"tensorflow", "keras"})
    assert not fits.loaded()


def test_other_plugins_in_the_same_process_are_left_alone(ask: Any, engine: str) -> None:
    assert ask({"torch": fits.plain_torch_after, "keras": fits.plain_keras_after}[engine]) >= 0


def test_networks_of_the_reports_have_their_weights(ask: Any, engine: str) -> None:
    assert ask(fits.report_networks, engine) == {
        "R1": (4_385, 4 * 4 * 8),
        "R2": (50_992, 32),
        "R3": (2_567_344, 240),
        "R4": (8_153_794, 10),
        "R5, its table": (222_384, 32),
        "R5, its text": (218_192, 64),
    }
