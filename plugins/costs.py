"""Expected costs of the built-in plugins whose time grows faster than n, or that are often the longest.

They are fits to runs of 1,000 to 16,000 rows of 10 and 100 features: good to a factor of 2 or so. They are
apart from the plugins, since a better estimate changes no result, and so no cache key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness import Cost

Params = Mapping[str, Any]
ITERATIONS = 50  # of k-means and mixtures, until they converge
STARTS = 10  # k-means runs of a clusterer that keeps the best


def _number(params: Params, name: str, default: int) -> int:
    """Return a parameter, or a typical value where it is text or None."""
    value = params.get(name)
    return value if isinstance(value, int) else default


def _pair(d: int) -> int:
    """Return the operations for one pair of samples: a distance, in tiles, and its part in sums."""
    return 600 + 2 * d


def silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of half of all pairs, as distances are symmetric."""
    return Cost(n * n / 2 * _pair(d), memory=min(2**28, 8 * n * k) + 4 * n * d)


def silhouette_estimate(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the pairs of a sample and all rows."""
    sample = _number(params, "sample", 10_000)
    if sample >= n:
        return silhouette(n, d, k, params)
    return Cost(sample * n * (300 + 2.5 * d), memory=8 * n + 8 * n * d)


def medoid_silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the pairs within clusters of equal size, and of samples and medoids."""
    return Cost(n * n / (2 * k) * _pair(d) + n * k * (100 + 90 * d), memory=8 * n * d)


def simplified_silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of samples and centroids."""
    return Cost(n * k * (100 + 90 * d), memory=8 * n * d)


def kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of all iterations of all starts."""
    return Cost(_number(params, "n_init", 1) * ITERATIONS * n * k * (10.0 * d + 100))


def minibatch_kmeans(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of a few passes."""
    return Cost(n * k * (200.0 * d + 2000))


def mixture(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of EM: with full covariances n k d^2 an iteration."""
    square = d * d if params.get("covariance_type", "full") in ("full", "tied") else d
    return Cost(ITERATIONS * n * k * (5.5 * square + 2000), memory=8.0 * n * (k + d) + 8.0 * k * square)


def kmeans_silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the silhouettes of all fits, which share distances; the fits are stages of their own."""
    return Cost(n * n / 2 * (_pair(d) + 60 * _fits(params)), memory=min(2**28, 8 * n * 200))


def kmeans_gap(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of k-means on reference samples for each K."""
    ks = range(_number(params, "k_min", 2), _number(params, "k_max", 20) + 1)
    fits = _number(params, "n_references", 10)
    return Cost(fits * sum(kmeans(n, d, each, {}).operations for each in ks), memory=8 * n * d)


def _fits(params: Params) -> int:
    return _number(params, "k_max", 20) - _number(params, "k_min", 2) + 1


def _pairs(each: float, feature: float, memory: float = 0.0) -> Any:
    """Return the cost of a method that looks at all pairs; `memory` in bytes per pair."""
    return lambda n, d, k, params: Cost(n * n * (each + feature * d), memory * n * n)


COSTS = {
    "silhouette": silhouette,
    "silhouette-estimate": silhouette_estimate,
    "medoid-silhouette": medoid_silhouette,
    "simplified-silhouette": simplified_silhouette,
    "kmeans": kmeans,
    "spherical-kmeans": kmeans,
    "minibatch-kmeans": minibatch_kmeans,
    "gmm": mixture,
    "balanced-gmm": mixture,
    "bayesian-gmm": mixture,
    "kmeans-silhouette": kmeans_silhouette,
    "kmeans-gap": kmeans_gap,
    "agglomerative": _pairs(2000, 9, memory=4),  # the upper triangle in double precision
    "spectral": _pairs(5500, 100),
    "spectral-embedding": _pairs(5500, 100),
    "affinity-propagation": _pairs(60_000, 0, memory=40),
    "mean-shift": _pairs(6000, 20),
    "optics": lambda n, d, k, params: Cost(n * 6e7 + n * n * (100 + d)),
    "dbscan": _pairs(1500, 0, memory=1),
    "hdbscan": _pairs(500, 120),
    "genie": _pairs(150, 25),
    "birch": _pairs(1500, 35),
    "leiden": _pairs(8000, 5),
}
