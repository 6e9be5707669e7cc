"""Single linkage that avoids small clusters (Gagolewski, Bartoszuk and Cena, 2016)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from genieclust import Genie as GenieclustGenie
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from .._frame import Frame
from ._limit import check_size


class Genie(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """genieclust's Genie: single linkage that merges the smallest clusters first if sizes become unequal.

    In many dimensions time grows with the square of the number of samples, memory with n.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    gini_threshold : float
        From 0 to 1: above this Gini index of the cluster sizes the smallest clusters are merged first;
        1 is single linkage.
    max_samples : int
        With more samples it is not applicable.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The cluster of each sample, from 0.

    References
    ----------
    M. Gagolewski, M. Bartoszuk and A. Cena, Genie: a new, fast, and outlier-resistant hierarchical
    clustering algorithm, 2016.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> Genie(2).fit(X).labels_
    array([0, 0, 0, 1, 1, 1])
    """

    balanced: ClassVar[str] = "very unequal sizes are avoided (soft)"

    def __init__(
        self, n_clusters: int = 8, *, gini_threshold: float = 0.3, max_samples: int = 100_000
    ) -> None:
        self.n_clusters = n_clusters
        self.gini_threshold = gini_threshold
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> Genie:
        """Fit to samples of shape (n, d)."""
        check_size("genie", len(X), self.max_samples)
        model = GenieclustGenie(n_clusters=self.n_clusters, gini_threshold=self.gini_threshold)
        self.labels_ = np.asarray(model.fit_predict(np.array(Frame.of(X).inside(X))), dtype=np.int64)
        return self
