"""Samples climb to the modes of their density (Comaniciu and Meer, 2002)."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sklearn.cluster import MeanShift as SklearnMeanShift
from sklearn.cluster import estimate_bandwidth

from harness import NotApplicable

from ._limit import check_size


class MeanShift(SklearnMeanShift):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's mean shift: it finds K itself; its time grows with the square of the number of samples.

    Parameters
    ----------
    bandwidth : float, optional
        Radius over which the density is measured; by default the mean distance to the nearest 30% of samples.
    bin_seeding : bool
        Whether to start from a grid instead of from each sample, which helps in few dimensions.
    cluster_all : bool
        Whether samples far from any mode join the nearest, instead of being noise.
    max_iter : int
    max_samples : int
        With more samples it does not apply.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0; -1 is noise.

    References
    ----------
    D. Comaniciu and P. Meer, Mean shift: a robust approach toward feature space analysis, 2002.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = MeanShift(bandwidth=0.5).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    def __init__(
        self,
        *,
        bandwidth: float | None = None,
        bin_seeding: bool = False,
        cluster_all: bool = True,
        max_iter: int = 300,
        max_samples: int = 10_000,
    ) -> None:
        super().__init__(
            bandwidth=bandwidth,
            bin_seeding=bin_seeding,
            cluster_all=cluster_all,
            max_iter=max_iter,
        )
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> MeanShift:
        """Fit to samples of shape (n, d)."""
        check_size("mean-shift", len(X), self.max_samples)
        if self.bandwidth is None and not estimate_bandwidth(X):
            raise NotApplicable(
                "30% of the samples are equal, so that the bandwidth is 0: give bandwidth=..."
            )
        super().fit(X)
        return self
