"""Degree to which each class lies in a single cluster (Rosenberg and Hirschberg, 2007)."""

from __future__ import annotations

from sklearn.metrics import completeness_score

from harness import metric

from ._types import Floats, Labels


@metric(
    direction="higher",
    low=0,
    high=1,
    needs=("truth",),
    source="Rosenberg and Hirschberg 2007",
    symmetric=False,
)
def completeness(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return 1 - H(cluster | class) / H(cluster).

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
        Higher is better, from 0 to 1; 1 if there is only one cluster.

    References
    ----------
    A. Rosenberg and J. Hirschberg, V-measure: a conditional entropy-based external cluster evaluation
    measure, 2007.

    Examples
    --------
    >>> import numpy as np
    >>> round(completeness(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), None), 4)
    0.6667
    """
    return min(1.0, float(completeness_score(truth, labels)))
