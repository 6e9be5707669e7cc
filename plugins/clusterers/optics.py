"""Clusters as valleys of the reachability plot, and noise (Ankerst et al., 1999)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from numpy.typing import NDArray
from sklearn.cluster import OPTICS as SklearnOPTICS

from ._framed import Framed
from ._limit import check_size


class OPTICS(Framed):
    """scikit-learn's OPTICS, which finds K; time grows with the square of the number of samples.

    Parameters
    ----------
    min_samples : int or float
        Number of neighbours used to estimate the density; below 1 a fraction of n.
    max_eps : float
        Maximum distance of neighbours.
    xi : float
        Minimum steepness of the sides of a valley.
    min_cluster_size : int or float, optional
        Minimum number of samples in a cluster; by default `min_samples`.
    max_samples : int
        With more samples it is not applicable.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0; -1 is noise.

    References
    ----------
    M. Ankerst, M. M. Breunig, H.-P. Kriegel and J. Sander, OPTICS: ordering points to identify the clustering
    structure, 1999.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = OPTICS(min_samples=2).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    slow: ClassVar[bool] = True
    estimator = SklearnOPTICS
    lengths: ClassVar = {"max_eps": 1}

    def __init__(
        self,
        *,
        min_samples: float = 5,
        max_eps: float = float("inf"),
        xi: float = 0.05,
        min_cluster_size: float | None = None,
        max_samples: int = 20_000,
    ) -> None:
        self.min_samples = min_samples
        self.max_eps = max_eps
        self.xi = xi
        self.min_cluster_size = min_cluster_size
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        check_size("optics", len(X), self.max_samples)
        return super().fit(X)
