"""Autoencoders in Keras 3 on TensorFlow: training steps, losses and optimizers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .architecture import Architecture, Weights
from .keras_layers import Model
from .tensorflow_import import deterministic, keras, tf
from .training import EPSILON, RHO, Batch, Floats, Training

ROWS = 2048  # at a time when not training


@cache
def devices() -> list[str]:
    """Return the devices that TensorFlow finds, best first.

    TensorFlow then allocates GPU memory as needed, not all at once.
    """
    found = tf.config.list_physical_devices("GPU")
    for each in found:
        tf.config.experimental.set_memory_growth(each, True)
    return ["cuda", "cpu"] if found else ["cpu"]


class Network:
    """An architecture with weights, ready to be trained on a device.

    Parameters
    ----------
    architecture : Architecture
    weights : list of ndarray
        As `architecture.initial_weights` draws them.
    training : Training
    device : {"cpu", "cuda"}
    """

    def __init__(self, architecture: Architecture, weights: Weights, training: Training, device: str) -> None:
        devices()
        self.device = "/GPU:0" if device == "cuda" else "/CPU:0"
        with tf.device(self.device):
            self.model = Model(architecture)
            self.set_weights(weights)
            self.optimizer = _optimizer(training)
            self.optimizer.build(self.model.learned)
        self.loss = _LOSSES[training.loss]
        self._step = tf.function(self._one_step, reduce_retracing=True)
        self._test = tf.function(self._one_test, reduce_retracing=True)
        self._encode = tf.function(self.model.encode, reduce_retracing=True)
        self._reconstruct = tf.function(self.model, reduce_retracing=True)

    def load(self, X: Floats) -> None:
        """Copy training samples of shape (n, d) to the device."""
        with tf.device(self.device):
            self.X = tf.constant(X)

    def train_epoch(self, batches: Iterator[Batch]) -> float:
        """Train on each batch, and return the mean loss per sample."""
        with tf.device(self.device), deterministic():
            total, count = tf.zeros(()), 0
            for batch in batches:
                total += self._step(self.X, *map(_tensors, batch)) * len(batch.rows)
                count += len(batch.rows)
            return float(total) / count

    def _one_step(self, X: Any, rows: Any, noise: Any, masks: tuple[Any, ...]) -> Any:
        clean = tf.gather(X, rows)
        with tf.GradientTape() as tape:
            output = self.model(clean if noise is None else clean + noise, masks, training=True)
            loss = self.loss(output, clean)
        self.optimizer.apply(tape.gradient(loss, self.model.learned), self.model.learned)
        return loss

    def evaluate(self, rows: NDArray[np.int64]) -> float:
        """Return the mean loss of these rows, without noise and dropout."""
        with tf.device(self.device):
            parts = [rows[at : at + ROWS] for at in range(0, len(rows), ROWS)]
            losses = [self._test(self.X, tf.constant(part)) * len(part) for part in parts]
            return float(tf.add_n(losses)) / len(rows)

    def _one_test(self, X: Any, rows: Any) -> Any:
        clean = tf.gather(X, rows)
        return self.loss(self.model(clean), clean)

    def encode(self, X: Floats) -> Floats:
        """Return the codes of samples, of shape (n, k)."""
        return self._run(self._encode, X)

    def reconstruct(self, X: Floats) -> Floats:
        """Return the reconstructions of samples, of shape (n, d)."""
        return self._run(self._reconstruct, X)

    def weights(self) -> Weights:
        """Return a copy of the weights in the layout of the architecture."""
        return [each.numpy().copy() for each in self.model.variables]

    def set_weights(self, weights: Weights) -> None:
        """Set the weights."""
        for variable, value in zip(self.model.variables, weights, strict=True):
            variable.assign(value)

    def _run(self, function: Callable[[Any], Any], X: Floats) -> Floats:
        with tf.device(self.device):
            parts = [function(tf.constant(X[at : at + ROWS])).numpy() for at in range(0, len(X), ROWS)]
        return np.concatenate(parts)


def _tensors(value: Any) -> Any:
    """Convert arrays to tensors, since arrays would be retraced each time."""
    return None if value is None else tf.nest.map_structure(tf.constant, value)


def _mse(output: Any, target: Any) -> Any:
    return tf.reduce_mean(tf.square(output - target))


def _binary(output: Any, target: Any) -> Any:
    p = tf.clip_by_value(output, EPSILON, 1 - EPSILON)
    return -tf.reduce_mean(target * tf.math.log(p) + (1 - target) * tf.math.log(1 - p))


def _categorical(output: Any, target: Any) -> Any:
    p = tf.clip_by_value(output / tf.reduce_sum(output, 1, keepdims=True), EPSILON, 1 - EPSILON)
    return -tf.reduce_mean(tf.reduce_sum(target * tf.math.log(p), 1))


_LOSSES = {"mse": _mse, "binary_crossentropy": _binary, "categorical_crossentropy": _categorical}


def _optimizer(training: Training) -> Any:
    rate = training.rate
    if training.optimizer == "sgd":
        return keras.optimizers.SGD(rate, momentum=training.momentum)
    if training.optimizer == "adadelta":
        return keras.optimizers.Adadelta(rate, rho=RHO, epsilon=EPSILON)
    if training.optimizer == "adamw":
        return keras.optimizers.AdamW(rate, epsilon=EPSILON, weight_decay=training.weight_decay)
    return keras.optimizers.Adam(rate, epsilon=EPSILON)
