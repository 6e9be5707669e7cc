"""Share of the pairs that are together in both, of those that are together in either (Jaccard, 1901)."""

import numpy as np

from harness import metric


@metric(direction="higher", low=0, high=1, needs=("truth",), source="Hubert and Arabie 1985, section 1")
def pair_jaccard(truth, labels, embedding):
    """Return the Jaccard index of the pairs of samples.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more cluster.
    embedding : None
        What was clustered; None, as `needs` does not name it.

    Returns
    -------
    float
        Higher is better, from 0 to 1.

    Examples
    --------
    >>> pair_jaccard(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 0]), None)
    1.0
    >>> pair_jaccard(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 0]), None)
    0.3333333333333333
    """
    both = _pairs(np.unique(np.stack([truth, labels]), axis=1, return_counts=True)[1])
    in_truth = _pairs(np.unique(truth, return_counts=True)[1])
    in_labels = _pairs(np.unique(labels, return_counts=True)[1])
    either = in_truth + in_labels - both
    return both / either if either else 1.0  # no pair is together in either: they agree


def _pairs(sizes):
    return int((sizes * (sizes - 1) // 2).sum())
