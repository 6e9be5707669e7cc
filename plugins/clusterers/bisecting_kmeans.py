"""Bisecting k-means: repeatedly split one cluster in two (Steinbach et al., 2000)."""

from __future__ import annotations

from typing import Any, Literal

from sklearn.cluster import BisectingKMeans as SklearnBisectingKMeans

from ._framed import FramedPredictor


class BisectingKMeans(FramedPredictor):
    """scikit-learn's bisecting k-means: a hierarchy from the top down.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    init, n_init, max_iter, tol, algorithm
        For each split, as in `kmeans`.
    bisecting_strategy : {"biggest_inertia", "largest_cluster"}
        Which cluster is split next.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0.
    inertia_ : float
        Sum of squared distances of the samples to their centres.

    References
    ----------
    M. Steinbach, G. Karypis and V. Kumar, A comparison of document clustering techniques, 2000.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = BisectingKMeans(2, random_state=0).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    estimator = SklearnBisectingKMeans

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int = 1,
        max_iter: int = 300,
        tol: float = 1e-4,
        algorithm: Literal["lloyd", "elkan"] = "lloyd",
        bisecting_strategy: Literal["biggest_inertia", "largest_cluster"] = "biggest_inertia",
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.algorithm = algorithm
        self.bisecting_strategy = bisecting_strategy
        self.random_state = random_state
