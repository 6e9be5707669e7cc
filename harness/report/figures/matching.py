"""One-to-one matching of classes and clusters, and names for both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.interfaces import Labels

NOISE = -1


@dataclass(frozen=True)
class Matching:
    """Counts of classes by clusters, and the matched cluster of each class.

    Parameters
    ----------
    classes : ndarray of shape (C,), int64
        The classes that occur, in ascending order.
    clusters : ndarray of shape (K,), int64
        The clusters that occur, in ascending order, noise left out.
    counts : ndarray of shape (C, K), int64
    noise : ndarray of shape (C,), int64
        Number of noise rows per class.
    pairs : mapping
        Of the class at each place in `classes`, the place of its cluster in `clusters`.
    """

    classes: Labels
    clusters: Labels
    counts: NDArray[np.int64]
    noise: NDArray[np.int64]
    pairs: dict[int, int]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """Rows of each class, of shape (C,)."""
        sizes: NDArray[np.int64] = self.counts.sum(axis=1) + self.noise
        return sizes

    @property
    def right(self) -> int:
        """Number of rows whose class is matched to their cluster."""
        return int(sum(self.counts[pair] for pair in self.pairs.items()))

    @property
    def accuracy(self) -> float:
        """Share of these rows, with noise counted as wrong."""
        return self.right / int(self.sizes.sum())

    @property
    def class_of(self) -> dict[int, int]:
        """The class of each matched cluster, by their own numbers."""
        return {int(self.clusters[k]): int(self.classes[c]) for c, k in self.pairs.items()}


def match(truth: Labels, labels: Labels) -> Matching:
    """Match classes and clusters one to one, so that as many rows as possible agree (Kuhn, 1955).

    Parameters
    ----------
    truth, labels : ndarray of shape (n,), int64
        Class and cluster of each row; cluster -1 is noise, which is matched to nothing. Rows of class -1 have
        no class, and are left out.

    Examples
    --------
    >>> found = match(np.array([0, 0, 1, 1, 1]), np.array([5, 5, 3, 3, -1]))
    >>> found.class_of, found.right, found.accuracy
    ({5: 0, 3: 1}, 4, 0.8)
    """
    from scipy.optimize import linear_sum_assignment

    truth, labels = truth[truth >= 0], labels[truth >= 0]
    classes, row = np.unique(truth, return_inverse=True)
    kept = labels != NOISE
    clusters, column = np.unique(labels[kept], return_inverse=True)
    size = len(classes) * len(clusters)
    counts = np.bincount(row[kept] * len(clusters) + column, minlength=size).reshape(len(classes), -1)
    counts = counts[:, : len(clusters)]
    noise = np.bincount(row[~kept], minlength=len(classes))
    first, second = linear_sum_assignment(counts, maximize=True)
    pairs = dict(zip(first.tolist(), second.tolist(), strict=True))
    return Matching(classes, clusters, counts, noise, pairs)
