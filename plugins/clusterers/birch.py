"""A tree of subclusters, merged into clusters (Zhang, Ramakrishnan and Livny, 1996)."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sklearn.cluster import Birch as SklearnBirch

from ._limit import check_size


class Birch(SklearnBirch):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's BIRCH, whose subclusters are merged by Ward's method.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    threshold : float
        Largest radius of a subcluster, in units of the samples: the smaller, the more subclusters.
    branching_factor : int
        Most subclusters in a node of the tree.
    max_samples : int
        With more subclusters it does not apply: the distances of all pairs take 4 n**2 bytes.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0.

    References
    ----------
    T. Zhang, R. Ramakrishnan and M. Livny, BIRCH: an efficient data clustering method for very
    large databases, 1996.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = Birch(2, threshold=0.2).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        threshold: float = 0.5,
        branching_factor: int = 50,
        max_samples: int = 20_000,
    ) -> None:
        super().__init__(
            n_clusters=n_clusters,
            threshold=threshold,
            branching_factor=branching_factor,
        )
        self.max_samples = max_samples

    def _global_clustering(self, X: NDArray[Any] | None = None) -> None:
        check_size("birch", len(self.subcluster_centers_), self.max_samples, 4, "subclusters")
        super()._global_clustering(X)
