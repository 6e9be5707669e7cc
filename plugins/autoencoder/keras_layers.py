"""The layers of an architecture in Keras 3 on TensorFlow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import layers
from .architecture import NOT_LEARNED, Architecture
from .tensorflow_import import keras, tf

K = keras.layers
# The architecture draws the weights: Keras would draw its seeds from Python's global generator.
ZEROS = {"kernel_initializer": "zeros"}

_LAYERS: dict[type[layers.Layer], Callable[..., Any]] = {
    layers.Dense: lambda at: K.Dense(at.units, at.activation, **ZEROS),
    layers.Conv2D: lambda at: K.Conv2D(
        at.filters, at.kernel, at.stride, at.padding, activation=at.activation, **ZEROS
    ),
    layers.ConvTranspose2D: lambda at: K.Conv2DTranspose(
        at.filters, at.kernel, at.stride, at.padding, activation=at.activation, **ZEROS
    ),
    layers.MaxPool2D: lambda at: K.MaxPooling2D(at.size, padding=at.padding),
    layers.UpSample2D: lambda at: K.UpSampling2D(at.size),
    layers.Flatten: lambda at: K.Flatten(),
    layers.Reshape: lambda at: K.Reshape(at.shape),
    layers.Activation: lambda at: K.Activation(at.activation),
    layers.BatchNorm: lambda at: K.BatchNormalization(momentum=at.momentum, epsilon=at.epsilon),
}


class Model:
    """The layers in sequence; input and output are samples as rows."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture
        self.steps = [
            _made(layer, shape)
            for layer, shape in zip(architecture.layers, architecture.shapes, strict=False)
        ]
        self.variables = []
        self.learned = []
        for step, names in zip(self.steps, architecture.weight_shapes, strict=True):
            variables = [getattr(step, _NAMES.get(name, name)) for name in names]
            self.variables += variables
            self.learned += [
                each for name, each in zip(names, variables, strict=True) if name not in NOT_LEARNED
            ]

    def __call__(self, rows: Any, masks: tuple[Any, ...] = (), training: bool = False) -> Any:
        """Return the reconstructions."""
        return self._through(rows, len(self.steps), masks, training)

    def encode(self, rows: Any) -> Any:
        """Return the codes."""
        return self._through(rows, self.architecture.code)

    def _through(self, x: Any, end: int, masks: tuple[Any, ...] = (), training: bool = False) -> Any:
        x = tf.reshape(x, (-1, *self.architecture.input_shape))
        waiting = iter(masks)
        for layer, step in zip(self.architecture.layers[:end], self.steps, strict=False):
            if isinstance(layer, layers.Dropout):
                x = x * next(waiting) if training else x
            elif isinstance(layer, layers.BatchNorm):
                x = step(x, training=training)
            else:
                x = step(x)
        return tf.reshape(x, (-1, int(np.prod(self.architecture.shapes[end]))))


_NAMES = {"mean": "moving_mean", "variance": "moving_variance"}


def _made(layer: layers.Layer, shape: layers.Shape) -> Any:
    """Return Keras's layer with its weights created; dropout is a mask, and has none."""
    if isinstance(layer, layers.Dropout):
        return None
    if isinstance(layer, layers.Crop2D):
        step = K.Cropping2D(((0, shape[0] - layer.height), (0, shape[1] - layer.width)))
    else:
        step = _LAYERS[type(layer)](layer)
    step.build((None, *shape))
    return step
