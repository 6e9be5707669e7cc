"""k-means with cosine similarity (Dhillon and Modha, 2001)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import kmeans_plusplus
from sklearn.preprocessing import normalize

from harness import BadParameter, NotApplicable, report_progress

from .._frame import safe_rows

Array = NDArray[Any]


class SphericalKMeans(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """k-means on the directions of the samples, by cosine similarity; the centres have length 1.

    Parameters
    ----------
    n_clusters : int
        Number of clusters, at most the number of nonzero samples.
    n_init : int
        Number of runs; the one with the highest total cosine is kept.
    max_iter : int
        Maximum number of iterations per run.
    tol : float
        A run ends when the mean cosine grows by less than this.
    random_state : int, optional
        Seed of the initial centres, chosen by k-means++ on the directions.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The cluster of each sample, from 0; -1 (noise) for an all-zero sample, which has no direction.
    cluster_centers_ : ndarray of shape (n_clusters, d)
        Directions of length 1.
    inertia_ : float
        Sum of 1 - cosine over the samples that have a direction.
    n_iter_ : int
        Iterations of the kept run.

    References
    ----------
    I. S. Dhillon and D. S. Modha, Concept decompositions for large sparse text data using clustering, 2001.

    Examples
    --------
    >>> X = np.array([[1, 0], [9, 1], [0, 2], [1, 8], [0, 0]], dtype=np.float32)
    >>> labels = SphericalKMeans(2, random_state=0).fit(X).labels_
    >>> bool(labels[0] == labels[1] != labels[2] == labels[3]), int(labels[4])
    (True, -1)
    """

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        n_init: int = 1,
        max_iter: int = 300,
        tol: float = 1e-6,
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: Array, y: None = None) -> SphericalKMeans:
        """Fit to samples of shape (n, d)."""
        directions = normalize(safe_rows(X))
        directions = directions[directions.any(axis=1)]
        if self.n_clusters < 1:
            raise BadParameter(f"n_clusters must be at least 1, got {self.n_clusters}")
        if self.n_clusters > len(directions):
            raise NotApplicable(
                f"only {len(directions)} samples have a direction, fewer than the {self.n_clusters} clusters"
            )
        rng = np.random.RandomState(self.random_state)
        runs = [self._run(directions, rng) for _ in range(self.n_init)]
        total, self.cluster_centers_, self.n_iter_ = max(runs, key=lambda run: run[0])
        self.inertia_ = float(len(directions) - total)
        self.n_features_in_ = X.shape[1]
        self.labels_ = self.predict(X)
        return self

    def predict(self, X: Array) -> NDArray[np.int64]:
        """Return the centre with the largest cosine for each sample, shape (n,); -1 for all-zero samples."""
        labels: NDArray[np.int64] = (safe_rows(X) @ self.cluster_centers_.T).argmax(axis=1)
        return np.where(X.any(axis=1), labels, -1)

    def _run(self, X: Array, rng: np.random.RandomState) -> tuple[float, Array, int]:
        """Return total cosine, centres and iterations of one run."""
        centers, _ = kmeans_plusplus(X, self.n_clusters, random_state=rng)
        before, iteration = -np.inf, 0
        while True:
            cosines = X @ centers.T
            labels = cosines.argmax(axis=1)
            nearest = cosines[np.arange(len(X)), labels]
            total = float(nearest.sum(dtype=np.float64))
            if iteration == self.max_iter or total - before <= self.tol * len(X):
                return total, centers, iteration
            before, iteration = total, iteration + 1
            report_progress(iteration, 0, f"mean cosine {total / len(X):.4g}")
            centers = self._centers(X, labels, nearest)

    def _centers(self, X: Array, labels: Array, nearest: Array) -> Array:
        """Return the mean direction of each cluster; empty ones get the samples worst matched to theirs."""
        member = np.eye(self.n_clusters, dtype=X.dtype)[labels]
        centers: Array = normalize(member.T @ X)
        empty = np.flatnonzero(~member.any(axis=0))
        centers[empty] = X[np.argsort(nearest)[: len(empty)]]
        return centers
