"""Geometric mean of pairwise precision and recall (Fowlkes and Mallows, 1983)."""

from __future__ import annotations

from sklearn.metrics import fowlkes_mallows_score

from harness import metric

from ._types import Floats, Labels


@metric(
    direction="higher", low=0, high=1, needs=("truth",), source="Fowlkes and Mallows 1983", symmetric=True
)
def fowlkes_mallows(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the geometric mean of the precision and the recall over pairs of samples.

    If no pair shares both class and cluster it is 0, even for equal partitions into single samples.

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
        Higher is better, from 0 to 1.

    References
    ----------
    E. B. Fowlkes and C. L. Mallows, A method for comparing two hierarchical clusterings, 1983.

    Examples
    --------
    >>> import numpy as np
    >>> round(fowlkes_mallows(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), None), 4)
    0.7071
    """
    return min(1.0, float(fowlkes_mallows_score(truth, labels)))
