"""Density-based clusters and noise (Ester, Kriegel, Sander and Xu, 1996)."""

from __future__ import annotations

import numpy as np
from kneed import KneeLocator
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import DBSCAN as SklearnDBSCAN
from sklearn.neighbors import NearestNeighbors

from harness import NotApplicable

from .._frame import Frame
from ._limit import check_size


class DBSCAN(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's DBSCAN, which finds K; by default the radius is derived from the data.

    Parameters
    ----------
    eps : float, optional
        Radius of a neighbourhood; by default the knee of the sorted distances to the neighbour number
        `min_samples`, as the paper proposes, found by Kneedle.
    min_samples : int
        Number of samples within the radius, itself included, that makes a sample a core sample.
    max_samples : int
        With more samples it is not applicable: lists of neighbours take up to 8 n**2 bytes.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The cluster of each sample, from 0; -1 is noise.
    eps_ : float
        The radius, in units of the samples.

    References
    ----------
    M. Ester, H.-P. Kriegel, J. Sander and X. Xu, A density-based algorithm for discovering clusters in
    large spatial databases with noise, 1996.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> DBSCAN(eps=0.2, min_samples=2).fit(X).labels_
    array([0, 0, 0, 1, 1, 1])
    """

    def __init__(self, eps: float | None = None, *, min_samples: int = 5, max_samples: int = 20_000) -> None:
        self.eps = eps
        self.min_samples = min_samples
        self.max_samples = max_samples

    def fit(self, X: NDArray[np.float32], y: None = None) -> DBSCAN:
        """Fit to samples of shape (n, d)."""
        check_size("dbscan", len(X), self.max_samples, bytes_per_pair=8)
        frame = Frame.of(X)
        X = frame.inside(X)
        eps = self._knee(X) if self.eps is None else self.eps / frame.unit
        self.labels_ = SklearnDBSCAN(eps=eps, min_samples=self.min_samples).fit(X).labels_
        self.eps_ = eps * frame.unit
        return self

    def _knee(self, X: NDArray[np.float32]) -> float:
        neighbours = NearestNeighbors(n_neighbors=min(self.min_samples, len(X))).fit(X)
        distances = np.sort(neighbours.kneighbors(X)[0][:, -1])  # the first neighbour is the sample itself
        knee = None
        if distances[0] < distances[-1]:
            knee = KneeLocator(np.arange(len(X)), distances, curve="convex", direction="increasing").knee
        if knee is None or not distances[knee]:
            raise NotApplicable(
                "the sorted distances to neighbours have no knee: give a radius, dbscan(eps=...)"
            )
        return float(distances[knee])
