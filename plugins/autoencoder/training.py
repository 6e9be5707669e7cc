"""The one training loop: split, shuffling, batches, noise, early stopping, history, divergence.

Everything random is drawn here in NumPy, so that all frameworks and devices get the same batches, noise and
dropout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from harness import BadParameter, HarnessError, report_progress

from .architecture import Architecture, Weights
from .layers import Dropout, Shape

Floats = NDArray[np.float32]
LOSSES = ("mse", "binary_crossentropy", "categorical_crossentropy")
LEARNING_RATES = {"adam": 1e-3, "adamw": 1e-3, "sgd": 0.1, "adadelta": 1.0}
EPSILON = 1e-7  # of the optimizers, and the smallest probability in a cross-entropy
RHO = 0.95  # of Adadelta


@dataclass(frozen=True)
class Training:
    """Training parameters of an autoencoder.

    Parameters
    ----------
    loss : {"mse", "binary_crossentropy", "categorical_crossentropy"}
        Mean over the batch; categorical cross-entropy takes a sample's outputs, divided by their sum, as
        probabilities.
    optimizer : {"adam", "adamw", "sgd", "adadelta"}
    learning_rate : float, optional
        By default 0.001 for adam and adamw, 0.1 for sgd, 1 for adadelta.
    momentum, weight_decay : float
        For sgd, and for adamw.
    batch_size, epochs : int
    validation_fraction : float
        Fraction of the samples, drawn at random, held out for the validation loss.
    patience : int, optional
        Stop after this many epochs without a lower validation loss, and keep the weights of the best epoch.
    noise : float
        Standard deviation of Gaussian noise on the inputs, which are in [0, 1]; targets have no noise
        (Vincent et al., 2008).

    Examples
    --------
    >>> Training().rate, Training(optimizer="sgd").rate, Training(optimizer="sgd", learning_rate=1.0).rate
    (0.001, 0.1, 1.0)
    """

    loss: str = "mse"
    optimizer: str = "adam"
    learning_rate: float | None = None
    momentum: float = 0.9
    weight_decay: float = 0.01
    batch_size: int = 128
    epochs: int = 50
    validation_fraction: float = 0.1
    patience: int | None = None
    noise: float = 0.0

    @property
    def rate(self) -> float:
        """The learning rate."""
        return LEARNING_RATES[self.optimizer] if self.learning_rate is None else self.learning_rate


class Batch(NamedTuple):
    """Input of one step: row numbers, noise of shape (rows, d) or None, and a mask per dropout."""

    rows: NDArray[np.int64]
    noise: Floats | None
    masks: tuple[Floats, ...]


class Network(Protocol):
    """An architecture with weights in some framework, on some device."""

    def load(self, X: Floats) -> None:
        """Copy training samples of shape (n, d) to the device."""

    def train_epoch(self, batches: Iterator[Batch]) -> float:
        """Train on each batch, and return the mean loss per sample."""

    def evaluate(self, rows: NDArray[np.int64]) -> float:
        """Return the mean loss of these rows, without noise and dropout."""

    def encode(self, X: Floats) -> Floats:
        """Return the codes of samples, of shape (n, k)."""

    def reconstruct(self, X: Floats) -> Floats:
        """Return the reconstructions of samples, of shape (n, d)."""

    def weights(self) -> Weights:
        """Return a copy of the weights in the layout of the architecture."""

    def set_weights(self, weights: Weights) -> None:
        """Set the weights."""


@dataclass
class History:
    """Losses per epoch; `best` is the epoch, from 0, whose weights were kept."""

    loss: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    best: int = -1

    def as_dict(self) -> dict[str, Any]:
        """Return the losses by name; without a validation set only the training loss."""
        return {name: values for name, values in vars(self).items() if name != "best" and values}


def streams(random_state: int | None) -> list[np.random.Generator]:
    """Return independent generators for weights, split, order and corruption.

    They are separate so that e.g. another batch size does not change the initial weights.
    """
    return [np.random.default_rng(each) for each in np.random.SeedSequence(random_state).spawn(4)]


def train(
    network: Network,
    X: Floats,
    architecture: Architecture,
    training: Training,
    generators: list[np.random.Generator],
    settled: Callable[[], bool] = lambda: False,
) -> History:
    """Train a network on samples of shape (n, d); it ends with the weights of the kept epoch.

    After an epoch for which `settled` returns true, training stops.

    Raises
    ------
    HarnessError
        If the loss becomes NaN or infinite.
    """
    _, splitting, ordering, corrupting = generators
    rows, held_out = _split(len(X), training.validation_fraction, splitting)
    history, kept = History(), None
    network.load(X)
    for epoch in range(training.epochs):
        order = ordering.permutation(rows)
        history.loss.append(network.train_epoch(_batches(order, architecture, training, corrupting)))
        _check_finite(history.loss[-1], "loss", epoch, training)
        if len(held_out):
            history.validation_loss.append(network.evaluate(held_out))
            _check_finite(history.validation_loss[-1], "validation loss", epoch, training)
        report_progress(epoch + 1, training.epochs, _note(history))
        if training.patience is None:
            history.best = epoch
        elif history.validation_loss[-1] < min(history.validation_loss[:-1], default=np.inf):
            history.best, kept = epoch, network.weights()
        elif epoch - history.best >= training.patience:
            break
        if settled():
            break
    network.load(X[:0])  # free the samples on the device
    if kept is not None and history.best < len(history.loss) - 1:
        network.set_weights(kept)
    return history


def _split(n: int, fraction: float, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows to train on and the rows held out, at least one of each."""
    if not fraction:
        return np.arange(n), np.arange(0)
    if n < 2:
        raise BadParameter("validation needs at least 2 samples, got 1. Set validation_fraction=0.")
    count = min(max(round(n * fraction), 1), n - 1)
    shuffled = rng.permutation(n)
    return np.sort(shuffled[count:]), np.sort(shuffled[:count])


def _batches(
    order: NDArray[np.int64], architecture: Architecture, training: Training, rng: np.random.Generator
) -> Iterator[Batch]:
    """Yield an epoch's batches; the last may be smaller."""
    dropped: list[tuple[Shape, float]] = [
        (shape, layer.rate)
        for layer, shape in zip(architecture.layers, architecture.shapes, strict=False)
        if isinstance(layer, Dropout)
    ]
    features = int(np.prod(architecture.input_shape))
    for start in range(0, len(order), training.batch_size):
        rows = order[start : start + training.batch_size]
        noise = None
        if training.noise:
            noise = rng.standard_normal((len(rows), features), dtype=np.float32) * np.float32(training.noise)
        yield Batch(rows, noise, tuple(_mask((len(rows), *shape), rate, rng) for shape, rate in dropped))


def _mask(shape: Shape, rate: float, rng: np.random.Generator) -> Floats:
    return (rng.random(shape, dtype=np.float32) >= rate) * np.float32(1 / (1 - rate))


def _check_finite(loss: float, what: str, epoch: int, training: Training) -> None:
    if not np.isfinite(loss):
        raise HarnessError(
            f"training diverged: the {what} is {loss} in epoch {epoch + 1} of {training.epochs}, with "
            f"{training.optimizer} at learning rate {training.rate:g}. Lower learning_rate, "
            f"for example to {training.rate / 10:g}."
        )


def _note(history: History) -> str:
    validation = f", validation {history.validation_loss[-1]:.4g}" if history.validation_loss else ""
    return f"loss {history.loss[-1]:.4g}{validation}"
