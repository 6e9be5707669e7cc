"""k-means on mini-batches (Sculley, 2010)."""

from __future__ import annotations

from typing import Literal

from sklearn.cluster import MiniBatchKMeans as SklearnMiniBatchKMeans

from ._framed import FramedPredictor


class MiniBatchKMeans(FramedPredictor):
    """scikit-learn's mini-batch k-means: faster on many samples, slightly worse.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    batch_size, n_init, max_iter, max_no_improvement, reassignment_ratio
        As in `sklearn.cluster.MiniBatchKMeans`, with one initialisation as in `kmeans`.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0.
    inertia_ : float
        Sum of squared distances of the samples to their centres.

    References
    ----------
    D. Sculley, Web-scale k-means clustering, 2010.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = MiniBatchKMeans(2, random_state=0).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    estimator = SklearnMiniBatchKMeans

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        batch_size: int = 1024,
        n_init: int | Literal["auto"] = 1,
        max_iter: int = 100,
        max_no_improvement: int | None = 10,
        reassignment_ratio: float = 0.01,
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.batch_size = batch_size
        self.n_init = n_init
        self.max_iter = max_iter
        self.max_no_improvement = max_no_improvement
        self.reassignment_ratio = reassignment_ratio
        self.random_state = random_state
