"""Expected costs of metrics."""

from __future__ import annotations

from harness import Cost

from ._parts import Params, half_the_pairs, number, per_row


def silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of half of all pairs; sums by cluster are kept for all samples if they fit."""
    return Cost(half_the_pairs(n, d), memory=min(2**28, 8 * n * k) + 4 * n * d)


def silhouette_estimate(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the pairs of a sampled row and any row."""
    sample = number(params, "sample", 10_000)
    if sample >= n:
        return silhouette(n, d, k, params)
    return Cost(sample * n * (300 + 2.5 * d), memory=8 * n + 8 * n * d)


def medoid_silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the pairs within clusters of equal size, and of samples and medoids."""
    return Cost(half_the_pairs(n, d) / k + n * k * (400 + 200 * d), memory=8 * n * d)


def simplified_silhouette(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of samples and centroids."""
    return Cost(n * k * (400 + 200 * d), memory=8 * n * d)


_counted, _sorted = per_row(3e3), per_row(1.2e4)  # contingency tables by bincount; by sorting labels

COSTS = {
    **dict.fromkeys(("accuracy", "purity", "nca", "aaa", "npa", "psi"), _counted),
    **dict.fromkeys(("nmi", "ari", "homogeneity", "completeness", "v-measure", "fowlkes-mallows"), _sorted),
    "ami": per_row(3e4, cluster=4200),  # the expectation by chance, of as many classes as clusters
    "silhouette": silhouette,
    "silhouette-estimate": silhouette_estimate,
    "simplified-silhouette": simplified_silhouette,
    "medoid-silhouette": medoid_silhouette,
    "calinski-harabasz": per_row(2.5e4, feature=650, cluster=450, memory=8),
    "davies-bouldin": per_row(3e4, feature=600, cluster=3100, memory=8),
    "coverage": per_row(300),
    "n-clusters": per_row(1500),
}
