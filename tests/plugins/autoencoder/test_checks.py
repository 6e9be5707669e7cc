"""Parameters of autoencoders that are refused before anything runs, and how that is said."""

from __future__ import annotations

from typing import Any

import pytest
from sklearn.base import clone

from harness import BadParameter
from harness.plugins.encoders.conv_ae_keras import ConvAEKeras
from harness.plugins.encoders.dense_ae_torch import DenseAETorch


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"layers": 5}, r"layers must be whole numbers in parentheses, e.g. \(64, 32\), got 5"),
        ({"layers": (64, 0)}, "each of layers must be a whole number of at least 1, got 0"),
        ({"latent": 0}, "latent must be a whole number of at least 1, got 0"),
        ({"latent": None}, "latent must be a whole number of at least 1, got None"),
        ({"latent": True}, "latent must be a whole number of at least 1, got True"),
        (
            {"code_layer": 4},
            "code_layer must be a whole number from -4 to 3, .* has 4 layers, got 4",
        ),
        ({"code_layer": 0.5}, "code_layer must be a whole number"),
        ({"activation": "relo"}, "activation must be one of .*, got 'relo'. Did you mean 'relu'"),
        ({"code_activation": 3}, "code_activation must be one of"),
        ({"loss": "mae"}, "loss must be one of mse, .*, got 'mae'. Did you mean 'mse'"),
        (
            {"loss": "binary_crossentropy", "output_activation": "linear"},
            "output_activation must",
        ),
        ({"optimizer": "adm"}, "Did you mean 'adam'"),
        ({"learning_rate": 0}, "learning_rate must be a number above 0, or None, got 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be"),
        ({"momentum": 1}, "momentum must be a number of at least 0 and below 1, got 1"),
        ({"batch_size": 0}, "batch_size must be a whole number of at least 1"),
        ({"epochs": 1.5}, "epochs must be a whole number of at least 1, got 1.5"),
        ({"validation_fraction": 1}, "validation_fraction must be a number of at least 0 and below 1, got 1"),
        ({"patience": 0}, "patience must be a whole number of at least 1"),
        (
            {"patience": 3, "validation_fraction": 0},
            "needs validation data, .* Set patience=None",
        ),
        ({"noise": -1}, "noise must be a number of at least 0, got -1"),
        ({"weight_decay": "a"}, "weight_decay must be a number of at least 0, got 'a'"),
        ({"dropout": 1.0}, "dropout must be a number of at least 0 and below 1"),
        ({"device": "gpu"}, "device must be one of auto, cpu, cuda, mps, got 'gpu'"),
    ],
)
def test_dense(params: dict[str, Any], says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        DenseAETorch(**params).check_params()


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"filters": ()}, "filters must name at least one layer"),
        ({"filters": "16"}, "filters must be whole numbers in parentheses"),
        ({"kernel": 0}, "kernel must be a whole number of at least 1"),
        ({"downsampling": "pol"}, "Did you mean 'pool'"),
        ({"shrink": "no"}, "shrink must be one of crop, valid"),
        ({"shrink": "valid", "image_shape": (8, 8, 1)}, 'shrink="valid" needs downsampling="pool"'),
        ({"code_layer": -4, "image_shape": (8, 8, 1)}, "from -3 to 2, as the encoder has 3 layers"),
    ],
)
def test_conv(params: dict[str, Any], says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        ConvAEKeras(**params).check_params()


def test_they_are_checked_again_in_fit_and_before_a_framework_is_loaded() -> None:
    with pytest.raises(BadParameter, match="epochs"):
        DenseAETorch().set_params(epochs=0).fit([[0.0]])  # type: ignore[arg-type]


def test_constructors_only_store_so_that_estimators_can_be_cloned() -> None:
    model = DenseAETorch(layers=[3, 2], latent=1, random_state=4)
    assert model.get_params()["layers"] == [3, 2]
    assert clone(model).get_params() == model.get_params()
    assert clone(model) is not model
