"""Sizes, means and spreads of clusters, from two passes over samples larger than memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from harness import batches, distinct, report_progress, take_rows

from .._frame_in_batches import frame_in_batches
from ._types import Labels

Array = NDArray[Any]


@dataclass(frozen=True)
class Dispersion:
    """Clusters in the frame of the samples, in double precision.

    Parameters
    ----------
    sizes : ndarray of shape (K,)
    means : ndarray of shape (K, d)
    squares, lengths : ndarray of shape (K,)
        Sums of squared and of plain distances of the samples to the mean of their cluster.
    """

    sizes: Array
    means: Array
    squares: Array
    lengths: Array

    @classmethod
    def of(cls, X: Any, labels: Labels) -> Dispersion:
        """Sum up samples of shape (n, d) with labels of shape (n,); each value, also -1, is a cluster.

        Examples
        --------
        >>> found = Dispersion.of(np.array([[0.0], [2.0], [4.0]]), np.array([0, 0, 1]))
        >>> found.sizes.tolist(), found.squares.tolist(), found.lengths.tolist()
        ([2, 1], [2.0, 0.0], [2.0, 0.0])
        """
        values = distinct(labels)
        frame, count = frame_in_batches(X), len(values)
        means, sizes = np.zeros((count, X.shape[1])), np.zeros(count, np.int64)
        for rows, block in batches(X):
            groups = np.searchsorted(values, take_rows(labels, rows))  # of all rows they take 8 bytes each
            members = (np.ones(len(block)), groups, np.arange(len(block) + 1))
            inside = frame.inside(block, np.float64)
            means += csr_array(members, shape=(len(block), count)).T @ inside
            sizes += np.bincount(groups, minlength=count)
            report_progress(rows.stop, 2 * len(X), "means")
        means /= sizes[:, None]
        squares, lengths = np.zeros(count), np.zeros(count)
        for rows, block in batches(X):
            groups = np.searchsorted(values, take_rows(labels, rows))
            steps = frame.inside(block, np.float64) - means[groups]
            found = np.einsum("ij,ij->i", steps, steps)
            squares += np.bincount(groups, found, count)
            lengths += np.bincount(groups, np.sqrt(found), count)
            report_progress(len(X) + rows.stop, 2 * len(X), "distances")
        return cls(sizes, means, squares, lengths)
