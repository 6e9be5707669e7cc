"""Mean overlap of classes and clusters matched one to one, above chance (Rezaei and Franti, 2016)."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from harness import metric

from ._checks import check_groups
from ._contingency import contingency
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=0,
    high=1,
    needs=("truth",),
    source="Rezaei and Franti 2016, eq. 18",
    symmetric=True,
)
def psi(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the pair sets index: the best total overlap of matched pairs, corrected for chance.

    A class and a cluster with c samples in common overlap by c over the size of the larger one. With S the
    greatest total overlap of a one-to-one matching, k the number of classes or of clusters, whichever is
    larger, and E the total overlap expected if the i-th largest class meets the i-th largest cluster at
    random, it is max(0, (S - E) / (k - E)). Unmatched classes and clusters add 0, so extra ones of either
    kind cost the same.

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
        Higher is better, from 0 to 1; labels worse than chance score 0.

    Raises
    ------
    NotApplicable
        If there is only one class, and no second cluster.

    References
    ----------
    M. Rezaei and P. Franti, Set matching measures for external cluster validity, 2016.

    Examples
    --------
    >>> round(psi(np.array([0, 0, 0, 0, 1, 1]), np.array([5, 5, 5, 7, 7, 7]), None), 4)
    0.5
    """
    counts = contingency(truth, labels)
    k, pairs = max(counts.shape), min(counts.shape)
    check_groups("psi", k, "classes or clusters")
    classes, clusters = np.unique(truth, return_counts=True)[1], counts.sum(axis=1)
    overlaps = counts / np.maximum.outer(clusters, classes)
    total = overlaps[linear_sum_assignment(overlaps, maximize=True)].sum()
    largest = (np.sort(sizes)[::-1][:pairs] for sizes in (classes, clusters))
    chance = np.minimum(*largest).sum() / len(truth)  # a product of sizes over n and the larger one
    return max(0.0, float((total - chance) / (k - chance)))
