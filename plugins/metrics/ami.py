"""Mutual information of classes and clusters, adjusted for chance (Vinh et al., 2010)."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score

from harness import NotApplicable, metric

from ._checks import AVERAGES, check_choice
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=-float("inf"),
    high=1,
    needs=("truth",),
    source="Vinh, Epps and Bailey 2010",
    symmetric=True,
)
def ami(truth: Labels, labels: Labels, embedding: Floats | None, *, average: str = "arithmetic") -> float:
    """Return the mutual information adjusted for chance, 1 for equal partitions.

    Random labels score 0 on average, so values may be below 0; no lower bound is known.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : None
        Not used.
    average : {"arithmetic", "geometric", "max", "min"}
        The mean of the two entropies used for normalisation.

    Returns
    -------
    float
        Higher is better, at most 1.

    Raises
    ------
    BadParameter
        If `average` is not one of these four.
    NotApplicable
        If `average` is "min" and every sample is its own group: the quotient is 0/0.

    References
    ----------
    N. X. Vinh, J. Epps and J. Bailey, Information theoretic measures for clusterings comparison, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> round(ami(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), None), 4)
    0.5714
    """
    check_choice("average", average, AVERAGES)
    if average == "min" and len(truth) in (len(np.unique(truth)), len(np.unique(labels))):
        raise NotApplicable("ami with average='min' is undefined (0/0) if every sample is its own group")
    return min(1.0, float(adjusted_mutual_info_score(truth, labels, average_method=average)))
