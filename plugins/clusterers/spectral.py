"""k-means on eigenvectors of a nearest-neighbour graph (Ng, Jordan and Weiss, 2001)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from numpy.typing import NDArray
from sklearn.cluster import SpectralClustering

from ._framed import Framed
from ._limit import check_size


class Spectral(Framed):
    """scikit-learn's spectral clustering on the nearest-neighbour graph; time grows with n**2.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    n_neighbors : int
        Number of neighbours of each sample in the graph.
    assign_labels : {"kmeans", "discretize", "cluster_qr"}
        How clusters are assigned from the eigenvectors.
    n_init : int
        Runs of k-means on the eigenvectors; the best is kept.
    max_samples : int
        With more samples it is not applicable.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0.

    References
    ----------
    A. Y. Ng, M. I. Jordan and Y. Weiss, On spectral clustering: analysis and an algorithm, 2001.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = Spectral(2, n_neighbors=2, random_state=0).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    estimator = SpectralClustering
    fixed: ClassVar = {"affinity": "nearest_neighbors"}

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        n_neighbors: int = 10,
        assign_labels: Literal["kmeans", "discretize", "cluster_qr"] = "kmeans",
        n_init: int = 10,
        max_samples: int = 20_000,
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_neighbors = n_neighbors
        self.assign_labels = assign_labels
        self.n_init = n_init
        self.random_state = random_state
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        check_size("spectral", len(X), self.max_samples)
        return super().fit(X)
