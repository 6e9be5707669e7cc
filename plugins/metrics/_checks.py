"""Checks of the arguments of metrics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from harness import BadParameter, NotApplicable

from ._types import Labels

AVERAGES = ("arithmetic", "geometric", "max", "min")


def check_choice(name: str, value: object, allowed: Sequence[str]) -> None:
    """Raise BadParameter unless an option has an allowed value.

    Examples
    --------
    >>> check_choice("average", "mean", AVERAGES)
    Traceback (most recent call last):
    harness.core.errors.BadParameter: average must be one of arithmetic, geometric, max, min, got 'mean'.
    """
    if value not in allowed:
        raise BadParameter(f"{name} must be one of {', '.join(allowed)}, got {value!r}.")


def check_separable(name: str, labels: Labels) -> None:
    """Raise NotApplicable unless there are at least 2 groups, and fewer groups than samples.

    Examples
    --------
    >>> check_separable("silhouette", np.array([0, 0, 0]))
    Traceback (most recent call last):
    harness.core.errors.NotApplicable: silhouette needs at least 2 clusters (noise counts as one), got 1
    """
    groups = len(np.unique(labels))
    if groups < 2:
        raise NotApplicable(f"{name} needs at least 2 clusters (noise counts as one), got {groups}")
    if groups == len(labels):
        raise NotApplicable(f"{name} needs fewer clusters than samples, got {groups} of each")


def check_groups(name: str, count: int, what: str) -> None:
    """Raise NotApplicable unless there are at least 2 groups: with one, chance is already perfect.

    Examples
    --------
    >>> check_groups("nca", 1, "classes")
    Traceback (most recent call last):
    harness.core.errors.NotApplicable: nca needs at least 2 classes, got 1
    """
    if count < 2:
        raise NotApplicable(f"{name} needs at least 2 {what}, got {count}")
