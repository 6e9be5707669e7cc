"""Silhouettes of a whole sweep from one pass over the distances, against one pass for each K."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from harness.plugins._silhouettes import mean_silhouettes

SHAPES = {"5,000 x 784": (5_000, 784), "5,000 x 10": (5_000, 10)}


def sweep(shape: tuple[int, int]) -> tuple[Any, list[Any]]:
    X = np.random.default_rng(0).random(shape, dtype=np.float32)
    return X, [KMeans(k, n_init=1, max_iter=3, random_state=0).fit(X).labels_ for k in range(2, 21)]


@pytest.mark.benchmark(warmup=False, min_rounds=3)
@pytest.mark.parametrize("shape", SHAPES)
def test_harness(benchmark: Any, shape: str) -> None:
    benchmark.group = f"silhouettes of K = 2 to 20, {shape}"
    benchmark(mean_silhouettes, *sweep(SHAPES[shape]))


@pytest.mark.benchmark(warmup=False, min_rounds=3)
@pytest.mark.parametrize("shape", SHAPES)
def test_scikit_learn(benchmark: Any, shape: str) -> None:
    benchmark.group = f"silhouettes of K = 2 to 20, {shape}"
    X, labelings = sweep(SHAPES[shape])
    benchmark(lambda: [silhouette_score(X, labels) for labels in labelings])
