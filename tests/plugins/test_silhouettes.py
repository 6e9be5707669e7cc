"""Exact silhouettes, against distances measured one by one in double precision."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.metrics import silhouette_score

from harness.execution.pool import Workers
from harness.plugins import _distances
from harness.plugins._silhouettes import mean_silhouettes

RNG = np.random.default_rng(0)


def expected(X: Any, labels: Any) -> float:
    return float(silhouette_score(cdist(*2 * [X.astype(np.float64)]), labels, metric="precomputed"))


def blobs(n: int, d: int, k: int, spread: float = 1.0) -> tuple[Any, Any]:
    labels = RNG.integers(k, size=n)
    return (RNG.normal(size=(k, d))[labels] + spread * RNG.normal(size=(n, d))).astype(np.float32), labels


X, Y = blobs(1300, 7, 4)
TIGHT = np.repeat(np.array([[0.0, 0], [1, 0], [1e4, 1e4]], np.float32), 200, axis=0)
NEAR = (TIGHT + RNG.normal(size=TIGHT.shape) * 1e-2).astype(np.float32)
THREE = np.repeat(np.arange(3), 200)
ODD = {
    "usual": (X, Y),
    "float64": (X.astype(np.float64), Y),
    "many features": blobs(700, 300, 5),
    "far off centre": (X + np.float32(1000), Y),
    "farther, float64": (X.astype(np.float64) + 1e7, Y),
    "huge": (X * np.float32(1e30), Y),
    "tiny": (X * np.float32(1e-30), Y),
    "duplicates": (np.repeat(X[:100], 9, axis=0), np.repeat(Y[:100], 9)),
    "only duplicates": (TIGHT, THREE),
    "duplicates across clusters": (np.repeat(X[:100], 8, axis=0), np.tile(np.arange(4), 200)),
    "two clusters near each other, far from a third": (NEAR, THREE),
    "clusters of one and two": (X, np.where(np.arange(1300) < 3, [1, 2, 2, *[0] * 1297], 0)),
    "noise": (X, Y - 1),
    "many clusters": (X, np.arange(1300) // 2),
    "one feature": (X[:, :1], Y),
    "columns first": (np.asfortranarray(X), Y),
    "every other": (X[::2], Y[::2]),
    "a whole tile": (X[:512], Y[:512]),
}


@pytest.mark.parametrize("what", ODD)
def test_equals_distances_one_by_one(what: str) -> None:
    samples, labels = ODD[what]
    (found,) = mean_silhouettes(samples, [labels])
    unit = 1.0 if np.abs(samples).max() < 1e20 else 1e-30
    unit = unit if np.abs(samples).max() > 1e-20 else 1e30
    assert found == pytest.approx(expected(samples.astype(np.float64) * unit, labels), abs=2e-6)


@pytest.mark.parametrize("widest", [2**28, 0])
def test_several_labellings_in_one_pass(widest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_distances, "WIDEST", widest)  # with none, row by row
    labelings = [RNG.integers(k, size=1300) for k in (2, 3, 17)] + [Y, np.zeros(1300, int), np.arange(1300)]
    found = mean_silhouettes(X, labelings)
    assert found[-2:] == [None, None]
    alone = [expected(X, labels) for labels in labelings[:-2]]
    np.testing.assert_allclose(np.array(found[:-2]), alone, atol=1e-6)


@pytest.mark.parametrize("threads", [1, 3])
def test_threads_change_nothing_but_the_last_digits(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.plugins._silhouettes.n_threads", lambda: threads)
    assert mean_silhouettes(X, [Y])[0] == pytest.approx(expected(X, Y), abs=1e-6)


@given(st.integers(2, 40), st.integers(1, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_small_integers(n: int, d: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    samples = rng.integers(-3, 4, size=(n, d)).astype(np.float32)
    labels = rng.integers(rng.integers(1, n + 1), size=n)
    (found,) = mean_silhouettes(samples, [labels])
    if 2 <= len(np.unique(labels)) < n:
        assert found == pytest.approx(expected(samples, labels), abs=2e-6)
    else:
        assert found is None


DEVICES = ["usual", "float64", "far off centre", "huge", "only duplicates", "clusters of one and two"]


@pytest.mark.parametrize("what", [*DEVICES, "two clusters near each other, far from a third"])
def test_by_pytorch(what: str, workers: Workers) -> None:
    """The path of accelerators, on the processor, in a process where PyTorch may be."""
    if find_spec("torch") is None:
        pytest.skip("PyTorch is not installed")
    samples, labels = ODD[what]
    found = workers.ask("torch", mean_silhouettes, samples, [labels, labels], "cpu:0")
    assert found == pytest.approx(mean_silhouettes(samples, [labels, labels]), abs=2e-6)


def test_all_the_same() -> None:
    assert mean_silhouettes(np.ones((6, 2)), [np.array([0, 0, 0, 1, 1, 1])]) == [0.0]


def test_input_is_left_alone() -> None:
    samples, labels = X.copy(), Y.copy()
    samples.setflags(write=False)
    labels.setflags(write=False)
    mean_silhouettes(samples, [labels, labels])
    np.testing.assert_array_equal(samples, X)
