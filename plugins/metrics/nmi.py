"""Normalised mutual information of classes and clusters (Strehl and Ghosh, 2002)."""

from __future__ import annotations

from sklearn.metrics import normalized_mutual_info_score

from harness import metric

from ._checks import AVERAGES, check_choice
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=0,
    high=1,
    needs=("truth",),
    source="Strehl and Ghosh 2002; Vinh, Epps and Bailey 2010",
    symmetric=True,
)
def nmi(truth: Labels, labels: Labels, embedding: Floats | None, *, average: str = "arithmetic") -> float:
    """Return the mutual information of classes and clusters over the mean of their entropies.

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
        Higher is better, from 0 to 1.

    Raises
    ------
    BadParameter
        If `average` is not one of these four.

    References
    ----------
    A. Strehl and J. Ghosh, Cluster ensembles, 2002. N. X. Vinh, J. Epps and J. Bailey, Information theoretic
    measures for clusterings comparison, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> round(nmi(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), None), 4)
    0.8
    """
    check_choice("average", average, AVERAGES)
    return min(1.0, float(normalized_mutual_info_score(truth, labels, average_method=average)))
