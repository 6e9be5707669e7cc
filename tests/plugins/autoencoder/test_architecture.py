"""The neutral description: the reports' networks to the parameter, any input shape, and what is refused."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest

from harness import BadParameter, NotApplicable
from harness.plugins.autoencoder import (
    Architecture,
    ConvAutoencoder,
    Dense,
    DenseAutoencoder,
    Flatten,
    Reshape,
    layers,
)


class Dense_(DenseAutoencoder):
    engine = None


class Conv_(ConvAutoencoder):
    engine = None


R1 = Conv_(
    filters=(16, 8, 8), downsampling="pool", shrink="valid", latent=None, code_activation="relu",
    image_shape=(28, 28, 1),
)  # fmt: skip
R2 = Dense_(layers=(), latent=32, code_activation="relu")
R3 = Dense_(layers=(900, 480, 240), latent=120, code_layer=-2)
R4 = Dense_(layers=(2000, 1000, 500), latent=10)
R5_TABLE = Dense_(layers=(128, 64), latent=32)
R5_TEXT = Dense_(layers=(128,), latent=64)


def weighted(model: Any) -> list[tuple[int, ...]]:
    """Output width and parameters of the layers that have any, as the reports list them."""
    return [
        (row.output_shape[-1], row.n_parameters)
        for row in model.architecture(784).summary
        if row.n_parameters
    ]


def test_r1_has_the_printed_table() -> None:
    summary = R1.architecture(784).summary
    shapes_and_counts = [(row.output_shape, row.n_parameters) for row in summary[1:]]
    assert shapes_and_counts == [
        ((28, 28, 16), 160),
        ((14, 14, 16), 0),
        ((14, 14, 8), 1160),
        ((7, 7, 8), 0),
        ((7, 7, 8), 584),
        ((4, 4, 8), 0),
        ((4, 4, 8), 584),
        ((8, 8, 8), 0),
        ((8, 8, 8), 584),
        ((16, 16, 8), 0),
        ((14, 14, 16), 1168),
        ((28, 28, 16), 0),
        ((28, 28, 1), 145),
    ]
    assert sum(row.n_parameters for row in summary) == 4385
    assert R1.architecture(784).code_shape == (4, 4, 8)


def test_r2_has_one_hidden_layer() -> None:
    assert weighted(R2) == [(32, 25120), (784, 25872)]


def test_r3_has_the_printed_table_and_its_code_before_the_narrowest_layer() -> None:
    assert weighted(R3) == [
        (900, 706500), (480, 432480), (240, 115440), (120, 28920),
        (240, 29040), (480, 115680), (900, 432900), (784, 706384),
    ]  # fmt: skip
    description = R3.architecture(784)
    assert description.n_parameters == 2_567_344
    assert description.code_shape == (240,)
    encoder = description.summary[: description.code + 1]
    assert sum(row.n_parameters for row in encoder) == 1_254_420


def test_r4_has_the_printed_table() -> None:
    assert weighted(R4) == [
        (2000, 1570000), (1000, 2001000), (500, 500500), (10, 5010),
        (500, 5500), (1000, 501000), (2000, 2002000), (784, 1568784),
    ]  # fmt: skip
    assert R4.architecture(784).n_parameters == 8_153_794


def test_r5_in_both_readings() -> None:
    without_bias = [count - units for units, count in weighted(R5_TABLE)]
    assert without_bias == [100352, 8192, 2048, 2048, 8192, 100352]
    assert R5_TABLE.architecture(784).code_shape == (32,)
    assert R5_TEXT.architecture(784).code_shape == (64,)


def test_summary_prints_as_a_table() -> None:
    text = str(R1.architecture(784).summary)
    assert "MaxPool2D         (4, 4, 8)" in text
    assert text.splitlines()[-1].split() == ["total", "4,385"]


@pytest.mark.parametrize(
    "shape", [(8, 8, 1), (28, 28, 1), (32, 32, 3), (10, 14, 1), (5, 7, 3), (1, 9, 2), (2, 2, 1)]
)
@pytest.mark.parametrize("downsampling", ["stride", "pool"])
@pytest.mark.parametrize("more", [{}, {"latent": None}, {"kernel": 5}, {"filters": (4, 4, 4, 4)}])
def test_any_image_size_comes_back(shape: Any, downsampling: str, more: dict[str, Any]) -> None:
    model = Conv_(image_shape=shape, downsampling=downsampling, batch_normalization=True, dropout=0.1, **more)
    model.check_params()
    description = model.architecture(prod(shape))
    assert description.shapes[-1] == shape
    if model.latent is not None:
        assert description.code_shape == (10,)


@pytest.mark.parametrize("n_features", [1, 4, 64, 784, 3072])
def test_any_number_of_features_comes_back(n_features: int) -> None:
    description = Dense_(batch_normalization=True, dropout=0.1).architecture(n_features)
    assert description.shapes[-1] == (n_features,)
    assert description.code_shape == (10,)


def test_hidden_layers_have_normalisation_then_activation_then_dropout_and_the_code_has_none() -> None:
    model = Dense_(layers=(8,), latent=2, batch_normalization=True, dropout=0.5)
    names = [row.layer for row in model.architecture(4).summary]
    hidden = ["Dense", "BatchNorm", "Activation", "Dropout"]
    assert names == ["Input", *hidden, "Dense", *hidden, "Dense"]
    assert model.architecture(4).code == 5


def test_initial_weights_are_glorot_uniform_and_of_the_seed() -> None:
    description = R4.architecture(784)
    weights = description.initial_weights(np.random.default_rng(0))
    assert [each.shape for each in weights][:2] == [(784, 2000), (2000,)]
    assert all(each.dtype == np.float32 for each in weights)
    assert weights[0].std() == pytest.approx(np.sqrt(2 / 2784), rel=0.01)
    assert np.abs(weights[0]).max() <= np.sqrt(6 / 2784)
    assert not weights[1].any()
    again = description.initial_weights(np.random.default_rng(0))
    assert all((a == b).all() for a, b in zip(weights, again, strict=True))
    kernel = R1.architecture(784).initial_weights(np.random.default_rng(0))[2]
    assert kernel.shape == (3, 3, 16, 8)
    assert np.abs(kernel).max() <= np.sqrt(6 / (9 * 24))


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "padding"),
    [
        (7, 2, 2, (0, 1)),
        (8, 2, 2, (0, 0)),
        (28, 3, 1, (1, 1)),
        (28, 4, 1, (1, 2)),
        (28, 3, 2, (0, 1)),
        (4, 1, 3, (0, 0)),
    ],
)
def test_same_padding(size: int, kernel: int, stride: int, padding: tuple[int, int]) -> None:
    assert layers.same_padding(size, kernel, stride) == padding


def net(shape: Any, first: Any, last: Any, code: int = 1) -> Architecture:
    return Architecture(shape, (first, last), code)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: net((4,), Dense(2), Dense(5)), r"must have the input's shape \(4,\), got \(5,\)"),
        (lambda: net((4,), Dense(2), Dense(4), 2), "output of layer 1 to 1, got 2"),
        (lambda: net((4,), Dense(2, "rleu"), Dense(4)), "no activation 'rleu'"),
        (lambda: net((4, 4, 1), Dense(2), Dense(4)), r"Dense needs an input of shape \(features,\)"),
        (lambda: net((4,), layers.Conv2D(2), Dense(4)), r"Conv2D needs .* \(height, width, channels\)"),
        (lambda: net((4,), Reshape((3, 1, 1)), Flatten()), "needs 3 values, got 4"),
        (lambda: net((2, 2, 1), layers.Crop2D(3, 2), Flatten()), "larger than its input"),
        (lambda: net((2, 2, 1), layers.Conv2D(1, 3, 1, "valid"), Flatten()), "does not fit a side of 2"),
        (lambda: R1.set_params(image_shape=(32, 28, 1)).architecture(896), 'Use shrink="crop"'),
        (lambda: Conv_(image_shape=(8, 8, 1)).architecture(65), "does not match 65 features"),
    ],
)  # fmt: skip
def test_wrong_descriptions_are_told(make: Any, says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        make()
    R1.set_params(image_shape=(28, 28, 1))


def test_convolutions_do_not_apply_to_tables() -> None:
    with pytest.raises(NotApplicable, match="needs images"):
        Conv_().architecture(64)
