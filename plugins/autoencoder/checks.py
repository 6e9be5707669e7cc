"""Checks of parameters; errors name the parameter, the given value and the allowed values."""

from __future__ import annotations

import warnings
from collections.abc import Collection
from math import isfinite
from numbers import Integral, Real
from typing import Any

import numpy as np

from harness import BadParameter, suggest

from .training import LEARNING_RATES, LOSSES, Floats, Training

DEAD = 1e-6  # a code whose variation is below this fraction of its largest value is constant


def check_training(training: Training, output_activation: str) -> None:
    """Check the training parameters before training starts."""
    one_of("loss", training.loss, LOSSES)
    one_of("optimizer", training.optimizer, tuple(LEARNING_RATES))
    if training.loss != "mse" and output_activation not in ("sigmoid", "softmax"):
        raise BadParameter(
            f"loss={training.loss!r} needs reconstructions between 0 and 1: output_activation must be "
            f"sigmoid or softmax, got {output_activation!r}."
        )
    at_least("batch_size", training.batch_size, 1)
    at_least("epochs", training.epochs, 1)
    share("validation_fraction", training.validation_fraction)
    if training.patience is not None:
        at_least("patience", training.patience, 1)
        if not training.validation_fraction:
            raise BadParameter(
                f"early stopping (patience={training.patience}) needs validation data, got "
                "validation_fraction=0. Set patience=None, or validation_fraction=0.1."
            )
    if training.learning_rate is not None and not (
        _real(training.learning_rate) and training.learning_rate > 0
    ):
        raise BadParameter(
            f"learning_rate must be a number above 0, or None, got {training.learning_rate!r}."
        )
    for name in ("noise", "weight_decay"):
        from_zero(name, getattr(training, name))
    share("momentum", training.momentum)


def at_least(name: str, value: Any, low: int) -> None:
    """Check a whole number."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < low:
        raise BadParameter(f"{name} must be a whole number of at least {low}, got {value!r}.")


def whole_numbers(name: str, values: Any) -> None:
    """Check a tuple of positive whole numbers."""
    if not isinstance(values, tuple | list):
        raise BadParameter(f"{name} must be whole numbers in parentheses, e.g. (64, 32), got {values!r}.")
    for value in values:
        at_least(f"each of {name}", value, 1)


def above_zero(name: str, value: Any) -> None:
    """Check a number above 0."""
    if not _real(value) or value <= 0:
        raise BadParameter(f"{name} must be a number above 0, got {value!r}.")


def from_zero(name: str, value: Any) -> None:
    """Check a number from 0."""
    if not _real(value) or value < 0:
        raise BadParameter(f"{name} must be a number of at least 0, got {value!r}.")


def share(name: str, value: Any) -> None:
    """Check a number of at least 0 and below 1."""
    if not _real(value) or not 0 <= value < 1:
        raise BadParameter(f"{name} must be a number of at least 0 and below 1, got {value!r}.")


def one_of(name: str, value: Any, allowed: Collection[str]) -> None:
    """Check that a word is one of the allowed ones."""
    if value not in allowed:
        near = suggest(str(value), allowed)
        raise BadParameter(f"{name} must be one of {', '.join(allowed)}, got {value!r}.{near}")


def _real(value: Any) -> bool:
    return isinstance(value, Real) and not isinstance(value, bool) and isfinite(value)


def warn_if_dead(codes: Floats) -> None:
    """Warn if all samples have the same code."""
    varies = np.ptp(codes, axis=0) > DEAD * np.maximum(np.abs(codes).max(axis=0), DEAD)
    if len(codes) > 1 and not varies.any():
        warnings.warn(
            "dead encoder: every sample has the same code. Lower learning_rate, or try another activation.",
            stacklevel=3,
        )
