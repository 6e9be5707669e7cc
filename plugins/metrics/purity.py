"""Share of samples that have their cluster's most frequent class (Manning et al., 2008)."""

from __future__ import annotations

from harness import metric

from ._contingency import contingency
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=0,
    high=1,
    needs=("truth",),
    source="Manning, Raghavan and Schuetze 2008, section 16.3",
    symmetric=False,
)
def purity(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the accuracy if each cluster is assigned its majority class.

    Several clusters may have the same class, so purity is never below `accuracy`, and more clusters raise it.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as wrong.
    embedding : None
        Not used.

    Returns
    -------
    float
        Higher is better, from 0 to 1.

    References
    ----------
    C. D. Manning, P. Raghavan and H. Schuetze, Introduction to Information Retrieval, 2008, section 16.3.

    Examples
    --------
    >>> import numpy as np
    >>> round(purity(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 2]), None), 4)
    1.0
    """
    return float(contingency(truth, labels).max(axis=1).sum() / len(truth))
