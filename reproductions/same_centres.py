"""K-means in double precision from the initial centres of single precision."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans, kmeans_plusplus


class SameCentres(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's k-means in float64, started from the initial centres of its float32 fit.

    With only the same seed, k-means++ may draw other centres in another precision, since it compares sums of
    squared distances with random numbers.

    Parameters
    ----------
    n_clusters : int
    random_state : int, optional

    Examples
    --------
    >>> X = np.array([[0], [1], [8], [9]], dtype=np.float32)
    >>> SameCentres(2, random_state=0).fit(X).inertia_
    1.0
    """

    def __init__(self, n_clusters: int = 8, random_state: int | None = None) -> None:
        self.n_clusters = n_clusters
        self.random_state = random_state

    def fit(self, X: Any, y: None = None) -> Self:
        """Fit to samples of shape (n, k)."""
        single = np.asarray(X, dtype=np.float32)
        mean = single.mean(axis=0)  # scikit-learn draws from centred samples
        first, _ = kmeans_plusplus(single - mean, self.n_clusters, random_state=self.random_state)
        start = first.astype(np.float64) + mean
        self._model = KMeans(self.n_clusters, init=start, n_init=1).fit(np.asarray(X, dtype=np.float64))
        self.labels_, self.inertia_ = self._model.labels_, self._model.inertia_
        return self

    def predict(self, X: Any) -> Any:
        """Return the cluster of each sample of shape (n, k), int32."""
        return self._model.predict(np.asarray(X, dtype=np.float64))
