"""Ratio of the dispersion between clusters to the dispersion within (Calinski and Harabasz, 1974)."""

from __future__ import annotations

from sklearn.metrics import calinski_harabasz_score

from harness import metric

from .._frame import in_double
from ._checks import check_separable
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=0,
    high=float("inf"),
    needs=("embedding",),
    source="Calinski and Harabasz 1974",
    all_rows=True,
)
def calinski_harabasz(truth: Labels | None, labels: Labels, embedding: Floats) -> float:
    """Return the variance ratio, each dispersion divided by its degrees of freedom.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : ndarray of shape (n, k), float32 or float64
        The clustered embedding; the score is computed in double precision, near its origin.

    Returns
    -------
    float
        Higher is better, from 0 up; 1 if the dispersion within is 0, as in scikit-learn.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    References
    ----------
    T. Calinski and J. Harabasz, A dendrite method for cluster analysis, 1974.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> round(calinski_harabasz(None, np.array([0, 0, 1, 1]), codes), 4)
    32.0
    """
    check_separable("calinski-harabasz", labels)
    return float(calinski_harabasz_score(in_double(embedding), labels))
