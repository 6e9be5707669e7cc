"""Number of clusters found, noise not counted."""

from __future__ import annotations

import numpy as np

from harness import metric

from ._types import Floats, Labels


@metric(direction=None, low=0, high=float("inf"), needs=(), source="number of distinct labels except -1")
def n_clusters(truth: Labels | None, labels: Labels, embedding: Floats | None) -> float:
    """Return the number of distinct labels, noise not counted.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; -1 is noise.
    embedding : None
        Not used.

    Returns
    -------
    float
        From 0 to n; neither high nor low is better.

    References
    ----------
    Number of distinct labels except -1.

    Examples
    --------
    >>> n_clusters(None, np.array([0, 7, 7, -1]), None)
    2.0
    """
    return float(len(np.unique(labels[labels >= 0])))
