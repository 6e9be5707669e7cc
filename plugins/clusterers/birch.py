"""A tree of subclusters, merged into clusters (Zhang, Ramakrishnan and Livny, 1996)."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import Birch as SklearnBirch

from .._frame import Frame
from ._framed import FramedPredictor
from ._limit import check_size

SHARE = 0.231  # of the spread: maximum radius of a subcluster


class _Tree(SklearnBirch):  # type: ignore[misc]  # scikit-learn has no types
    max_samples: int

    def _global_clustering(self, X: NDArray[Any] | None = None) -> None:
        check_size("birch", len(self.subcluster_centers_), self.max_samples, 4, "subclusters")
        super()._global_clustering(X)


class Birch(FramedPredictor):
    """scikit-learn's BIRCH, whose subclusters are merged by Ward's method.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    threshold : float, optional
        Maximum radius of a subcluster, in units of the samples; a smaller one gives more of them. By default
        0.231 of the root mean squared distance of the samples to their mean, so that units do not matter;
        0.5 for the pixels of digits in [0, 1].
    branching_factor : int
        Maximum number of subclusters in a node of the tree.
    max_samples : int
        With more subclusters it is not applicable: the distances of all pairs take 4 n**2 bytes.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0.

    References
    ----------
    T. Zhang, R. Ramakrishnan and M. Livny, BIRCH: an efficient data clustering method for very
    large databases, 1996.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = Birch(2, threshold=0.2).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    estimator = _Tree
    lengths: ClassVar = {"threshold": 1}

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        threshold: float | None = None,
        branching_factor: int = 50,
        max_samples: int = 20_000,
    ) -> None:
        self.n_clusters = n_clusters
        self.threshold = threshold
        self.branching_factor = branching_factor
        self.max_samples = max_samples

    def build(self, frame: Frame) -> _Tree:
        """Return scikit-learn's BIRCH with a size limit."""
        model: _Tree = super().build(frame)
        model.max_samples = self.max_samples
        if model.threshold is None:
            model.threshold = SHARE * float(np.sqrt(frame.variances.sum())) or 1.0
        return model
