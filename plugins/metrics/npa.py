"""Accuracy under the best one-to-one matching, above chance (Gagolewski, 2025)."""

from __future__ import annotations

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
    symmetric=True,
)
def npa(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the normalised pivoted accuracy: (accuracy - 1 / k) / (1 - 1 / k), with k classes and clusters.

    Until 2023 it was called normalised accuracy. It is defined for as many clusters as classes. Else k is the
    larger number of both, as if empty groups were added to the other; it was so in genieclust
    before 1.3, which refuses such labels.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as wrong, and is not a cluster.
    embedding : None
        Not used.

    Returns
    -------
    float
        Higher is better, from -1 to 1; from 0 if there is no noise.

    Raises
    ------
    NotApplicable
        If there is only one class, and no second cluster.

    References
    ----------
    M. Gagolewski, Normalised clustering accuracy: an asymmetric external cluster validity measure, 2025.
    The accuracy: D. Steinley, Properties of the Hubert-Arabie adjusted Rand index, 2004.

    Examples
    --------
    >>> import numpy as np
    >>> round(npa(np.array([0, 0, 0, 0, 1, 1]), np.array([5, 5, 5, 7, 7, 7]), None), 4)
    0.6667
    """
    counts = contingency(truth, labels)
    k = max(counts.shape)
    check_groups("npa", k, "classes or clusters")
    share = counts[linear_sum_assignment(counts, maximize=True)].sum() / len(truth)
    return float((share * k - 1) / (k - 1))
