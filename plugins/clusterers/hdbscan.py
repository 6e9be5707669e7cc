"""Density-based clusters that persist over many densities, and noise (Campello et al., 2013)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN as SklearnHDBSCAN

from ._framed import Framed
from ._limit import check_size


class HDBSCAN(Framed):
    """scikit-learn's HDBSCAN, which finds K; time grows with the square of the number of samples.

    Parameters
    ----------
    min_cluster_size : int
        Minimum number of samples in a cluster.
    min_samples : int, optional
        Number of neighbours used to estimate the density; by default `min_cluster_size`.
    cluster_selection_method : {"eom", "leaf"}
        The most persistent clusters, or the leaves of the tree.
    cluster_selection_epsilon, allow_single_cluster
        As in `sklearn.cluster.HDBSCAN`.
    max_samples : int
        With more samples it is not applicable.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0; -1 is noise.

    References
    ----------
    R. J. G. B. Campello, D. Moulavi and J. Sander, Density-based clustering based on hierarchical density
    estimates, 2013.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = HDBSCAN(min_cluster_size=3).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    estimator = SklearnHDBSCAN
    fixed: ClassVar = {"copy": True}
    lengths: ClassVar = {"cluster_selection_epsilon": 1}

    def __init__(
        self,
        *,
        min_cluster_size: int = 5,
        min_samples: int | None = None,
        cluster_selection_method: Literal["eom", "leaf"] = "eom",
        cluster_selection_epsilon: float = 0.0,
        allow_single_cluster: bool = False,
        max_samples: int = 20_000,
    ) -> None:
        self.min_cluster_size = min_cluster_size
        self.min_samples = min_samples
        self.cluster_selection_method = cluster_selection_method
        self.cluster_selection_epsilon = cluster_selection_epsilon
        self.allow_single_cluster = allow_single_cluster
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        check_size("hdbscan", len(X), self.max_samples)
        return super().fit(X)
