"""Expected costs of encoders that are slow, or whose memory grows fast."""

from __future__ import annotations

from harness import Cost

from ._parts import Params, number, per_pair, per_row


def pca(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the covariance matrix, its eigenvectors, and the projection."""
    return Cost(n * d * (1.0 * d + 600) + 30.0 * d**3, memory=8 * n * d + 16 * d * d)


def nystroem(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of the kernel of all rows and the landmarks."""
    m = number(params, "n_components", 100)
    return Cost(n * m * (2.0 * m + 2 * d + 300), memory=16 * n * m)


COSTS = {
    "pca": pca,
    "pca-whiten": pca,
    "dask-pca": lambda n, d, k, params: pca(n, d, k, params)._replace(memory=16.0 * d * d),
    "nystroem": nystroem,
    "quantile": per_row(0, feature=1.2e5, memory=8),
    "spectral-embedding": per_pair(5500, 100),
}
