"""Exact silhouettes against scikit-learn's, of one labelling and of many of the same samples."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score

from harness.plugins import _distances
from harness.plugins._sampled_silhouettes import estimated_silhouettes
from harness.plugins._silhouettes import mean_silhouettes

ONE = {"60,000 x 10": (60_000, 10), "60,000 x 64": (60_000, 64), "10,000 x 784": (10_000, 784)}
ONE["60,000 x 784"] = (60_000, 784)
SWEPT = {"5,000 x 784": (5_000, 784), "5,000 x 10": (5_000, 10)}
WHO = pytest.mark.parametrize("who", ["scikit-learn", "harness"])


def blobs(shape: tuple[int, int], k: int = 10) -> tuple[Any, Any]:
    rng = np.random.default_rng(0)
    labels = rng.integers(k, size=shape[0])
    return (rng.normal(size=(k, shape[1]))[labels] + rng.normal(size=shape)).astype(np.float32), labels


@WHO
@pytest.mark.parametrize("shape", ONE)
def test_one(benchmark: Any, shape: str, who: str) -> None:
    benchmark.group = f"silhouette of {shape}, 10 clusters"
    X, labels = blobs(ONE[shape])
    if who == "harness":
        mean_silhouettes(X[:1000], [labels[:1000]])  # compiled, as it is from the second process on
        (value,) = benchmark.pedantic(lambda: mean_silhouettes(X, [labels]), rounds=3)
        if shape == "10,000 x 784":
            assert value == pytest.approx(float(silhouette_score(X, labels)), abs=1e-5)
    else:
        benchmark.pedantic(lambda: silhouette_score(X, labels), rounds=1)


@WHO
@pytest.mark.parametrize("shape", SWEPT)
def test_sweep(benchmark: Any, shape: str, who: str) -> None:
    benchmark.group = f"silhouettes of K = 2 to 20, {shape}"
    X = np.random.default_rng(0).random(SWEPT[shape], dtype=np.float32)
    labelings = [KMeans(k, n_init=1, max_iter=3, random_state=0).fit(X).labels_ for k in range(2, 21)]
    if who == "harness":
        mean_silhouettes(X[:1000], [labels[:1000] for labels in labelings])
        benchmark.pedantic(lambda: mean_silhouettes(X, labelings), rounds=3)
    else:
        benchmark.pedantic(lambda: [silhouette_score(X, labels) for labels in labelings], rounds=1)


@pytest.mark.parametrize("clusterers", [1, 6, 20])
def test_several(benchmark: Any, clusterers: int) -> None:
    """Several labellings of one embedding cost little more than one."""
    benchmark.group = "silhouettes of 1, 6 and 20 labellings at once, 20,000 x 784, 10 clusters"
    X, labels = blobs((20_000, 784))
    rng = np.random.default_rng(0)
    labelings = [labels, *(rng.permutation(labels) for _ in range(clusterers - 1))]
    mean_silhouettes(X[:1000], [labels[:1000], labels[:1000]])
    benchmark.pedantic(lambda: mean_silhouettes(X, labelings), rounds=3)


@pytest.mark.parametrize("tiles", ["each tile", "each tile once for both triangles"])
@pytest.mark.parametrize("shape", ["10,000 x 10", "10,000 x 784"])
def test_both_triangles(benchmark: Any, shape: str, tiles: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Distances are symmetric: a tile above the diagonal also counts for its mirror image."""
    benchmark.group = f"silhouette of {shape}, 10 clusters, by tiles"
    monkeypatch.setattr(_distances, "WIDEST", 0 if tiles == "each tile" else 2**28)
    X, labels = blobs((10_000, int(shape.rpartition(" ")[2])))
    mean_silhouettes(X[:1000], [labels[:1000]])
    benchmark.pedantic(lambda: mean_silhouettes(X, [labels]), rounds=5)


@pytest.mark.parametrize("sample", [1000, 5000, 20_000])
def test_estimates(benchmark: Any, sample: int) -> None:
    """From a sample of m of n rows: m n distances, against n^2 / 2 of the exact value."""
    benchmark.group = "silhouette of 20,000 x 32, 10 clusters, from samples of its rows"
    X, labels = blobs((20_000, 32))
    benchmark.pedantic(lambda: estimated_silhouettes(X, [labels], sample, 0), rounds=3)
