"""Mean share of each class in the cluster matched to it, above chance (Gagolewski, 2025)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from harness import metric

from ._checks import check_groups
from ._contingency import contingency
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=-1,
    high=1,
    needs=("truth",),
    source="Gagolewski 2025, J. Classif. 42",
    symmetric=False,
)
def nca(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the normalised clustering accuracy: the best one-to-one matching by shares of classes.

    With c[i, j] the samples of class i in cluster j, c[i] the size of class i, and k classes, it is the
    maximum over matchings s of (sum of c[i, s(i)] / c[i] over the classes - 1) / (k - 1). Each class counts
    the same, whatever its size. Until 2023 it was called adjusted asymmetric accuracy, `aaa`.

    It is defined for as many clusters as classes. With fewer, classes without a cluster add 0; with more,
    unmatched clusters count as wrong and the score may be below 0; k is the number of classes in both. It
    was so in genieclust before 1.3, which refuses such labels.

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
        Higher is better, from -1 to 1; from 0 if there is no noise, and no more clusters than classes.

    Raises
    ------
    NotApplicable
        If there is only one class.

    References
    ----------
    M. Gagolewski, Normalised clustering accuracy: an asymmetric external cluster validity measure, 2025.

    Examples
    --------
    >>> truth, labels = np.array([0, 0, 0, 0, 1, 1]), np.array([5, 5, 5, 7, 7, 7])
    >>> nca(truth, labels, None)
    0.75
    """
    counts, sizes = contingency(truth, labels), np.unique(truth, return_counts=True)[1]
    check_groups("nca", len(sizes), "classes")
    shares = counts / sizes
    matched = linear_sum_assignment(shares, maximize=True)
    return float((shares[matched].sum() - 1) / (len(sizes) - 1))
