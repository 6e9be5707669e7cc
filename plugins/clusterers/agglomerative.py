"""Agglomerative clustering: repeatedly merge the two closest clusters (Ward, 1963)."""

from __future__ import annotations

from typing import Any, Literal, Self

from numpy.typing import NDArray
from sklearn.cluster import AgglomerativeClustering

from .._frame import Frame, safe_rows
from ._framed import Framed
from ._limit import check_size

OF_DIFFERENCES = ("euclidean", "l2", "l1", "manhattan", "cityblock")


class Agglomerative(Framed):
    """scikit-learn's agglomerative clustering; memory grows with the square of the number of samples.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    linkage : {"ward", "average", "complete", "single"}
        Distance between two clusters; for ward, the increase of the inertia.
    metric : str
        Distance between two samples; ward accepts only "euclidean". "cosine" measures angles from the origin
        of the file; the other distances do not depend on it.
    max_samples : int
        With more samples it is not applicable: the distances of all pairs take 4 n**2 bytes.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0.

    References
    ----------
    J. H. Ward, Hierarchical grouping to optimize an objective function, 1963.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = Agglomerative(2).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    estimator = AgglomerativeClustering

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        linkage: Literal["ward", "average", "complete", "single"] = "ward",
        metric: str = "euclidean",
        max_samples: int = 20_000,
    ) -> None:
        self.n_clusters = n_clusters
        self.linkage = linkage
        self.metric = metric
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        check_size("agglomerative", len(X), self.max_samples, bytes_per_pair=4)
        return super().fit(safe_rows(X) if self.metric == "cosine" else X)

    def frame(self, X: NDArray[Any]) -> Frame:
        """Return the frame of the samples: that of the file for distances that depend on the origin."""
        return Frame.of(X) if self.metric in OF_DIFFERENCES else Frame.of_file(X)
