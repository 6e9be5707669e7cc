"""Mean silhouettes of many clusterings of the same samples, from one pass over their distances."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import pairwise_distances_chunked

Array = NDArray[Any]


def mean_silhouettes(X: Array, labelings: Sequence[Array]) -> list[float | None]:
    """Return the mean silhouette of each labelling; None where it has one cluster, or one per sample.

    Distances are computed once for all labellings, and summed per cluster by one matrix product.

    Parameters
    ----------
    X : ndarray of shape (n, d)
    labelings : sequence of ndarray of shape (n,), int64
        Every label is a cluster of its own.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [8.0], [9.0]])
    >>> one, two = mean_silhouettes(X, [np.zeros(4, int), np.array([0, 0, 1, 1])])
    >>> one is None, round(two, 4)
    (True, 0.8745)
    """
    X = X if X.dtype.kind == "f" else X.astype(np.float64)
    clusters = [np.unique(labels, return_inverse=True)[1] for labels in labelings]
    sizes = [np.bincount(each) for each in clusters]
    member = np.hstack(
        [np.eye(len(size), dtype=X.dtype)[each] for each, size in zip(clusters, sizes, strict=True)]
    )
    ends = np.cumsum([len(size) for size in sizes])
    totals = np.zeros(len(labelings))
    start = 0
    for distances in pairwise_distances_chunked(X):
        rows = slice(start, start + len(distances))
        sums = distances.astype(X.dtype, copy=False) @ member
        for number, (each, size, end) in enumerate(zip(clusters, sizes, ends, strict=True)):
            if 2 <= len(size) < len(X):
                totals[number] += _silhouettes(sums[:, end - len(size) : end], each[rows], size).sum()
        start = rows.stop
    usable = [2 <= len(size) < len(X) for size in sizes]
    return [float(total / len(X)) if ok else None for total, ok in zip(totals, usable, strict=True)]


def _silhouettes(sums: Array, own: Array, sizes: Array) -> Array:
    """Return the silhouette of each row from its sums of distances to each cluster; 0 in a cluster of one."""
    rows = np.arange(len(own))
    alone = sizes[own] == 1
    within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    nearest = means.min(axis=1)
    largest = np.maximum(within, nearest)
    value: Array = np.divide(nearest - within, largest, out=np.zeros(len(own)), where=largest > 0)
    value[alone] = 0.0
    return value
