"""Expected costs of clusterers."""

from __future__ import annotations

import math
from typing import Any

from harness import Cost

from ._parts import Params, half_the_pairs, number, per_pair, per_row

ITERATIONS = 50  # of k-means and mixtures, until they converge
PASSES = 20  # of k-means that begins near its end
STARTS = 10  # k-means runs of a clusterer that keeps the best


def kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of all iterations of all starts."""
    return Cost(number(params, "n_init", 1) * ITERATIONS * n * k * (10.0 * d + 100))


def spherical_kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of all iterations of all starts, with lengths."""
    return Cost(number(params, "n_init", 1) * ITERATIONS * n * k * (10.0 * d + 500), memory=4 * n * d)


def minibatch_kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of a few passes."""
    return Cost(n * k * (400.0 * d + 1e4))


def dask_kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of draws of candidates for centres, if any, and of the iterations, on one worker."""
    drawn = 25 * k * (33.0 * d + 560) if params.get("init") == "k-means||" else 0.0  # five rounds
    return Cost(n * (drawn + PASSES * k * (60.0 * d + 1000)), memory=n)


def bisecting_kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of splits of all rows, as often as clusters must double."""
    return Cost(math.log2(max(2, k)) * n * (2000.0 * d + 1.5e5), memory=4 * n * d)


def mixture(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of EM: with full covariances n k d^2 an iteration."""
    square = d * d if params.get("covariance_type", "full") in ("full", "tied") else d
    each = 1.5 * square + 300 * d + 1e4
    return Cost(ITERATIONS * n * k * each, memory=8.0 * n * (k + d) + 8.0 * k * square)


def double_mixture(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of EM in double precision, with more steps per iteration."""
    cost = mixture(n, d, k, params)
    return cost._replace(operations=2.5 * cost.operations)


def consensus(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the runs, and of k-means on their labels."""
    runs = number(params, "n_runs", 20)
    base = mixture if params.get("base") == "gmm" else kmeans
    last = kmeans(n, runs * k, k, {"n_init": STARTS}).operations / 2  # converges sooner
    return Cost(runs * base(n, d, k, {}).operations + last, memory=8.0 * n * runs * k)


def scan(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of neighbours in the pool, training of all heads, and labels."""
    pool, steps = min(n, number(params, "pool", 20_000)), number(params, "steps", 700)
    outputs = k * number(params, "n_heads", 24)
    batch = 2 * min(pool, number(params, "batch_size", 1000))
    return Cost(pool * pool * (200.0 + d) + steps * batch * outputs * (6.0 * d + 900) + 10.0 * n * d * k)


def kmeans_silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the silhouettes of all fits, which share distances; the fits are stages of their own."""
    return Cost(half_the_pairs(n, d, _fits(params)), memory=min(2**28, 8 * n * 200))


def kmeans_gap(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of k-means on reference samples for each K."""
    ks = range(number(params, "k_min", 2), number(params, "k_max", 20) + 1)
    references = number(params, "n_references", 10)
    return Cost(references * sum(kmeans(n, d, each, {}).operations for each in ks), memory=8 * n * d)


def birch(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the tree, of merging the most subclusters it may have, and of labels."""
    most = min(n, number(params, "max_samples", 20_000))
    return Cost(n * 6e6 + most * most * (1500 + 35.0 * d) + n * most * (30.0 + d))


def per_fit(row: float, feature: float) -> Any:
    """Return the cost of a criterion that is computed for each fit of a sweep."""
    return lambda n, d, k, params: Cost(_fits(params) * n * (row + feature * d))


def _fits(params: Params) -> int:
    values = params.get("k_values")
    if isinstance(values, list | tuple):
        return len(values)
    return number(params, "k_max", 20) - number(params, "k_min", 2) + 1


COSTS = {
    "kmeans": kmeans,
    "spherical-kmeans": spherical_kmeans,
    "minibatch-kmeans": minibatch_kmeans,
    "dask-kmeans": dask_kmeans,
    "bisecting-kmeans": bisecting_kmeans,
    "gmm": mixture,
    "balanced-gmm": double_mixture,
    "bayesian-gmm": double_mixture,
    "consensus": consensus,
    "scan": scan,
    "kmeans-silhouette": kmeans_silhouette,
    "kmeans-gap": kmeans_gap,
    "kmeans-calinski-harabasz": per_fit(3e4, 650),
    "kmeans-davies-bouldin": per_fit(6e4, 600),
    **dict.fromkeys(("kmeans-elbow", "gmm-bic", "gmm-aic", "gmm-icl", "imported"), per_row(100)),
    "agglomerative": per_pair(2000, 9, memory=4),  # the upper triangle in double precision
    "spectral": per_pair(5500, 100),
    "affinity-propagation": per_pair(60_000, memory=40),
    "mean-shift": per_pair(6000, 20),
    "optics": lambda n, d, k, params: Cost(n * 6e7 + n * n * (100.0 + d)),
    "dbscan": per_pair(1500, memory=1),
    "hdbscan": per_pair(500, 120),
    "genie": per_pair(150, 25),
    "birch": birch,
    "leiden": per_pair(8000, 5),
}
