"""Contrastive encoders on real data and bad parameters; fitted in a process of PyTorch's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import contrastive_fits as fits
import numpy as np
import pytest

from harness import BadParameter, HarnessError, NotApplicable
from harness.plugins.contrastive.convolutions import Backbone
from harness.plugins.encoders.simclr import SimCLR
from harness.plugins.encoders.vicreg import VICReg

KINDS = {"simclr": SimCLR, "vicreg": VICReg}
each = pytest.mark.parametrize("name", KINDS)


@pytest.fixture
def ask(workers: Any) -> Callable[..., Any]:
    """Call a function in PyTorch's process."""
    return lambda function, *args: workers.ask("torch", function, *args)


@pytest.fixture
def fit(workers: Any) -> Callable[..., Any]:
    """Fit in PyTorch's process."""
    return lambda name, **params: workers.ask("torch", _fit, name, params)


def _fit(name: str, params: dict[str, Any]) -> dict[str, Any]:
    return fits.fit(name, **params)


@each
def test_fit_reports_what_it_did(fit: Any, name: str) -> None:
    found = fit(name, epochs=20)
    assert found["codes"].shape == (100, 16)
    assert found["codes"].dtype == np.float32
    assert found["epochs"] == len(found["loss"]) == 20
    assert found["loss"][-1] < found["loss"][0]
    assert found["n_parameters"] == found["n_weights"] == sum(row.n_parameters for row in found["summary"])


@each
def test_few_images_are_seen_more_often(fit: Any, name: str) -> None:
    assert fit(name, min_steps=10)["epochs"] == 4, "three batches of 32 out of 100"
    assert fit(name, min_steps=10, batch_size=1000)["epochs"] == 10, "all in one batch"


@each
def test_seed_decides_all(ask: Any, fit: Any, name: str) -> None:
    first = fit(name)["codes"].tobytes()
    assert fit(name)["codes"].tobytes() == first
    assert fit(name, random_state=1)["codes"].tobytes() != first
    assert ask(fits.copies, name) == [True, True, True]
    assert ask(fits.global_state_stays, name)


@each
def test_neighbours_are_of_one_class(ask: Any, name: str) -> None:
    before, after = ask(fits.agreement, name)
    assert after > {"simclr": 0.88, "vicreg": 0.8}[name] > before


@each
@pytest.mark.parametrize("shape", [(8, 8, 1), (5, 9, 2), (3, 3, 1), (16, 16, 3), (32, 20, 3)])
def test_images_of_any_size(ask: Any, name: str, shape: tuple[int, int, int]) -> None:
    codes = ask(fits.other_shape, name, shape)
    assert codes.shape == (40, 16)
    assert np.ptp(codes, axis=0).max() > 0.1


@each
@pytest.mark.parametrize(("scale", "offset"), [(1e6, 0), (1e-6, 0), (10, 1e9)])
def test_unit_and_offset_change_nothing(ask: Any, name: str, scale: float, offset: float) -> None:
    codes, moved = ask(fits.moved, name, scale, offset)
    np.testing.assert_allclose(moved, codes, atol=1e-3 * np.abs(codes).max())


def test_sizes_of_the_maps() -> None:
    maps = {
        side: [row.output_shape[0] for row in Backbone((side, side, 1), (1,) * 4, (1,)).summary[1:5]]
        for side in (5, 8, 16, 28, 32)
    }
    assert maps == {
        5: [5, 5, 5, 5],
        8: [4, 4, 4, 4],
        16: [8, 4, 4, 4],
        28: [14, 7, 7, 4],
        32: [16, 8, 8, 4],
    }


def test_flip_makes_mirror_images_equal(ask: Any) -> None:
    codes, mirrored = ask(fits.mirrored, True)
    np.testing.assert_allclose(mirrored, codes, atol=1e-4)
    codes, mirrored = ask(fits.mirrored, False)
    assert np.abs(mirrored - codes).max() > 0.1


@pytest.mark.parametrize("function", [fits.by_definition, fits.vicreg_by_definition])
def test_the_loss_is_that_of_the_paper(ask: Any, function: Any) -> None:
    ours, plain = ask(function)
    assert ours == pytest.approx(plain, rel=1e-5)


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        ({"min_steps": -1}, "min_steps must be a whole number of at least 0"),
        ({"batch_size": 1}, "batch_size must be a whole number of at least 2, got 1"),
        ({"widths": ()}, "widths must name at least one layer"),
        ({"head": 5}, "head must be whole numbers in parentheses"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0, got 0"),
        ({"weight_decay": -1}, "weight_decay must be a number of at least 0, got -1"),
        ({"flip": "yes"}, "flip must be True or False, got 'yes'"),
        ({"shift": 1}, "shift must be a number of at least 0 and below 1, got 1"),
        ({"turn": -8}, "turn must be a number of at least 0, got -8"),
        ({"zoom": 1.1}, r"zoom must be two numbers, as \(0.8, 1.2\), got 1.1"),
        ({"zoom": (0, 1)}, "each of zoom must be a number above 0, got 0"),
        ({"contrast": (2, 1)}, "contrast must be the least and the largest in this order"),
        ({"device": "gpu"}, "device must be one of auto, cpu, cuda, mps, got 'gpu'"),
        ({"temperature": 0}, "temperature must be a number above 0, got 0"),
    ],
)
def test_bad_parameters_are_refused(params: dict[str, Any], says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        SimCLR(**params).check_params()


@each
def test_data_that_it_cannot_take(fit: Any, name: str) -> None:
    with pytest.raises(NotApplicable, match="views need images"):
        fit(name, image_shape=None)
    with pytest.raises(NotApplicable, match="there is only 1 sample"):
        fit(name, n=1)
    with pytest.raises(BadParameter, match="does not match 64 features"):
        fit(name, image_shape=(8, 9, 1))


@each
def test_divergence_is_told(fit: Any, name: str) -> None:
    with pytest.raises(HarnessError, match=r"diverged: the loss is nan in epoch .*Lower learning_rate"):
        fit(name, learning_rate=1e30, epochs=20)


@each
def test_the_prior_names_what_views_change(name: str) -> None:
    assert KINDS[name]().augmentation == "shift, zoom, rotation, gamma, contrast, cutout"
    assert KINDS[name](flip=True).augmentation.startswith("mirror images, shift")
    none = {"shift": 0, "turn": 0, "gamma": 0, "cutout": 0, "zoom": (1, 1), "contrast": (1, 1)}
    assert KINDS[name](**none).augmentation == ""
