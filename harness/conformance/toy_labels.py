"""Partitions to check metrics on, and their scores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..registry.metrics import call_metric, metric_info
from .subject import K, Subject
from .toy_data import ordinary

N = 90


def score(subject: Subject, truth: Any, labels: Any, rows: Any = slice(None)) -> float:
    """Score like the harness: unneeded inputs are None."""
    function, needs = subject.target, metric_info(subject.target).needs
    embedding = readonly(ordinary()[rows], np.float32) if "embedding" in needs else None
    truth = readonly(truth) if "truth" in needs else None
    return call_metric(function, truth, readonly(labels), embedding, subject.written)


def readonly(values: Any, dtype: Any = np.int64) -> NDArray[Any]:
    """Return read-only labels or samples, as from the harness."""
    array: NDArray[Any] = np.array(values, dtype=dtype)
    array.flags.writeable = False
    return array


def truth() -> NDArray[np.int64]:
    """Return the classes of the ordinary samples."""
    return readonly(np.arange(N) % K)


def partitions() -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Yield labels of many kinds, each with a title."""
    yield "the classes themselves", truth()
    yield "one cluster", readonly(np.zeros(N))
    yield "one cluster per sample", readonly(np.arange(N))
    for seed in range(20):
        k = 2 + seed % 9
        yield f"{k} random clusters", readonly(np.random.default_rng(seed).integers(0, k, N))
