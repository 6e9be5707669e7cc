"""Checks of numbers among a plugin's parameters."""

from __future__ import annotations

import math
from numbers import Integral, Real
from typing import Any

from harness import BadParameter


def check_integers(estimator: Any, **least: int) -> None:
    """Raise BadParameter unless parameters are integers, each from its least value.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> check_integers(SimpleNamespace(n_neighbors=20), n_neighbors=2)
    >>> check_integers(SimpleNamespace(n_neighbors=1), n_neighbors=2)
    Traceback (most recent call last):
    harness.core.errors.BadParameter: n_neighbors must be an integer from 2, got 1.
    """
    for name, lowest in least.items():
        value = getattr(estimator, name)
        if not isinstance(value, Integral) or isinstance(value, bool) or value < lowest:
            raise BadParameter(f"{name} must be an integer from {lowest}, got {value!r}.")


def check_range(estimator: Any, **ranges: tuple[float, float]) -> None:
    """Raise BadParameter unless parameters are numbers, each within its range, bounds included.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> check_range(SimpleNamespace(min_dist=2), min_dist=(0, 1))
    Traceback (most recent call last):
    harness.core.errors.BadParameter: min_dist must be a number from 0 to 1, got 2.
    """
    for name, (low, high) in ranges.items():
        value = getattr(estimator, name)
        if not isinstance(value, Real) or isinstance(value, bool) or not low <= float(value) <= high:
            bounds = f"from {low:g}" + ("" if math.isinf(high) else f" to {high:g}")
            raise BadParameter(f"{name} must be a number {bounds}, got {value!r}.")


def check_choice(estimator: Any, **allowed: tuple[str, ...]) -> None:
    """Raise BadParameter unless parameters are among the allowed words.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> check_choice(SimpleNamespace(kind="round"), kind=("full", "tied"))
    Traceback (most recent call last):
    harness.core.errors.BadParameter: kind must be one of full, tied, got 'round'.
    """
    for name, words in allowed.items():
        value = getattr(estimator, name)
        if not isinstance(value, str) or value not in words:
            raise BadParameter(f"{name} must be one of {', '.join(words)}, got {value!r}.")
