"""Share of samples in the class their cluster is matched to, one to one (Kuhn, 1955; Yang et al., 2010)."""

from __future__ import annotations

from scipy.optimize import linear_sum_assignment

from harness import metric

from ._contingency import contingency
from ._types import Floats, Labels


@metric(
    direction="higher", low=0, high=1, needs=("truth",), source="Kuhn 1955; Yang et al. 2010", symmetric=True
)
def accuracy(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the clustering accuracy under the best one-to-one matching of clusters and classes.

    If there are more clusters than classes, samples in unmatched clusters count as wrong.

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
    H. W. Kuhn, The Hungarian method for the assignment problem, 1955. Y. Yang, D. Xu, F. Nie, S. Yan and
    Y. Zhuang, Image clustering using local discriminant models and global integration, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> round(accuracy(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 2]), None), 4)
    0.75
    """
    counts = contingency(truth, labels)
    clusters, classes = linear_sum_assignment(counts, maximize=True)
    return float(counts[clusters, classes].sum() / len(truth))
