"""An epoch in Keras against `model.fit` of the same layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import epochs
import pytest


@pytest.mark.parametrize("way", ["model.fit", "harness"])
@pytest.mark.parametrize("name", epochs.NETWORKS)
def test_epoch(benchmark: Any, name: str, way: str) -> None:
    pytest.importorskip("keras")
    benchmark.group = f"Keras, an epoch of {epochs.ROWS:,} rows, {name}"
    benchmark.pedantic(epoch(name, way), rounds=5, warmup_rounds=2)


def epoch(name: str, way: str) -> Callable[[], Any]:
    from harness.plugins.autoencoder import keras_engine

    if way == "harness":
        return epochs.harness_epoch(keras_engine, name)
    model, X = keras_model(name), epochs.samples()
    return lambda: model.fit(X, X, batch_size=epochs.BATCH, epochs=1, verbose=0)


def keras_model(name: str) -> Any:
    from harness.plugins.autoencoder.keras_layers import _made
    from harness.plugins.autoencoder.tensorflow_import import keras

    architecture = epochs.description(name)
    inputs = keras.Input((784,))
    x = (
        inputs
        if len(architecture.input_shape) == 1
        else keras.layers.Reshape(architecture.input_shape)(inputs)
    )
    for layer, shape in zip(architecture.layers, architecture.shapes, strict=False):
        x = _made(layer, shape)(x)
    x = x if len(x.shape) == 2 else keras.layers.Flatten()(x)
    model = keras.Model(inputs, x)
    model.compile("adam", "mse")
    return model
