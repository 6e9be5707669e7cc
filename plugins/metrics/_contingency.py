"""Contingency table of clusters and classes."""

from __future__ import annotations

import numpy as np

from ._types import Labels


def contingency(truth: Labels, labels: Labels) -> Labels:
    """Count the samples of each cluster and class, without noise.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample; values need not be consecutive.
    labels : ndarray of shape (n,), int64
        The cluster of each sample; -1 is noise and is left out. Values need not be consecutive.

    Returns
    -------
    ndarray of shape (clusters, classes), int64
        Rows are the clusters that occur, columns the classes that occur, both in ascending order.
        Time is O(n log n), memory O(n + clusters * classes).

    Examples
    --------
    >>> contingency(np.array([0, 0, 1, 1]), np.array([7, 7, 7, -1]))
    array([[2, 1]])
    """
    classes, column = np.unique(truth, return_inverse=True)
    kept = labels >= 0
    clusters, row = np.unique(labels[kept], return_inverse=True)
    cells = len(clusters) * len(classes)
    counts = np.bincount(row * len(classes) + column[kept], minlength=cells)
    return counts.reshape(len(clusters), len(classes)).astype(np.int64, copy=False)
