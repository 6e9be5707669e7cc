"""Silhouettes by the distances to one point per cluster, in time linear in n."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from ._distances import Distances, n_threads

Array = NDArray[Any]
AT_ONCE = 2**22  # distances held at once
TIED = 1e-6  # relative difference of two sums of distances that rounding may cause


def centre_silhouettes(X: Array, clusters: Array, centres: Array) -> Array:
    """Return (b - a) / max(a, b) of each sample: a to the centre of its cluster, b to the nearest other one.

    Parameters
    ----------
    X : ndarray of shape (n, d), float64
        Near the origin, so that squares neither overflow nor vanish.
    clusters : ndarray of shape (n,), int64
        From 0 to K - 1.
    centres : ndarray of shape (K, d), float64

    Returns
    -------
    ndarray of shape (n,)
        0 where both distances are 0.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [4.0]])
    >>> centre_silhouettes(X, np.array([0, 0, 1]), np.array([[0.5], [4.5]])).round(2).tolist()
    [0.89, 0.86, 0.86]
    """
    values = np.zeros(len(X))
    step = max(1, AT_ONCE // len(centres))
    for start in range(0, len(X), step):
        rows = slice(start, start + step)
        lengths = cdist(X[rows], centres)
        own = (np.arange(len(lengths)), clusters[rows])
        within = lengths[own]
        lengths[own] = np.inf
        nearest = lengths.min(axis=1)
        largest = np.maximum(within, nearest)
        np.divide(nearest - within, largest, out=values[rows], where=largest > 0)
    return values


def centroids(X: Array, clusters: Array) -> Array:
    """Return the mean of each cluster, from 0 to K - 1.

    Examples
    --------
    >>> centroids(np.array([[0.0], [1.0], [4.0]]), np.array([0, 0, 1])).tolist()
    [[0.5], [4.0]]
    """
    sizes = np.bincount(clusters)
    sums = np.stack([np.bincount(clusters, weights=column) for column in X.T], axis=1)
    means: Array = sums / sizes[:, None]
    return means


def medoids(X: Array, clusters: Array) -> Array:
    """Return the row of each cluster's medoid: the sample with the least sum of distances to the others.

    Of samples whose sums differ by rounding alone, as those of two samples, the first is taken in the order
    of their coordinates, so that the order of rows does not matter. Time grows with the squares of the sizes
    of the clusters.

    Examples
    --------
    >>> medoids(np.array([[3.0], [0.0], [1.0], [9.0]]), np.array([0, 0, 0, 1])).tolist()
    [2, 3]
    """
    order = np.argsort(clusters, kind="stable")
    found = []
    for rows in np.split(order, np.cumsum(np.bincount(clusters))[:-1]):
        distances = Distances(X[rows])
        sums = np.empty(len(rows))
        for part, (some,) in distances.sums(np.zeros((1, len(rows)), np.int64), 1, n_threads()):
            sums[part] = some
        (tied,) = np.nonzero(sums <= sums.min() * (1 + TIED))
        found.append(rows[tied[np.lexsort(X[rows[tied]].T[::-1])[0]]])
    return np.array(found)
