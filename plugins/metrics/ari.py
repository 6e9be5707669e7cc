"""Rand index of classes and clusters, adjusted for chance (Hubert and Arabie, 1985)."""

from __future__ import annotations

from sklearn.metrics import adjusted_rand_score

from harness import metric

from ._types import Floats, Labels


@metric(
    direction="higher",
    low=-0.5,
    high=1,
    needs=("truth",),
    source="Hubert and Arabie 1985; Chacon and Rastrojo 2023",
    symmetric=True,
)
def ari(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the agreement over pairs of samples adjusted for chance, 1 for equal partitions.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : None
        Not used.

    Returns
    -------
    float
        Higher is better, from -0.5 to 1; random labels score 0 on average.

    References
    ----------
    L. Hubert and P. Arabie, Comparing partitions, 1985. J. E. Chacon and A. I. Rastrojo, Minimum adjusted
    Rand index for two clusterings of a given size, 2023 (the lower bound).

    Examples
    --------
    >>> import numpy as np
    >>> round(ari(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), None), 4)
    0.5714
    """
    return float(adjusted_rand_score(truth, labels))
