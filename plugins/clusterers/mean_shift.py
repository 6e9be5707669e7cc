"""Move samples to the modes of their density (Comaniciu and Meer, 2002)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import MeanShift as SklearnMeanShift
from sklearn.cluster import estimate_bandwidth

from harness import NotApplicable, report_progress

from .._frame import Frame
from ._limit import check_size

Array = NDArray[Any]
CHUNK = 2048  # samples that move at a time
STILL = 1e-3  # of the bandwidth: a sample that moves less has converged, as in scikit-learn


class MeanShift(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's mean shift, which finds K; all samples move at once.

    Time grows with the square of the number of samples.

    Parameters
    ----------
    bandwidth : float, optional
        Radius for the density; by default the mean distance to the nearest 30% of samples.
    cluster_all : bool
        Whether samples far from any mode join the nearest instead of becoming noise.
    max_iter : int
        Maximum number of steps per sample.
    max_samples : int
        With more samples it is not applicable.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0; -1 is noise.
    cluster_centers_ : ndarray of shape (n_clusters, d)
        The modes.
    bandwidth_ : float

    References
    ----------
    D. Comaniciu and P. Meer, Mean shift: a robust approach toward feature space analysis, 2002.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = MeanShift(bandwidth=0.5).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    def __init__(
        self,
        *,
        bandwidth: float | None = None,
        cluster_all: bool = True,
        max_iter: int = 300,
        max_samples: int = 10_000,
    ) -> None:
        self.bandwidth = bandwidth
        self.cluster_all = cluster_all
        self.max_iter = max_iter
        self.max_samples = max_samples

    def fit(self, X: Array, y: None = None) -> MeanShift:
        """Fit to samples of shape (n, d)."""
        check_size("mean-shift", len(X), self.max_samples)
        self.frame_ = Frame.of(X)
        X = self.frame_.inside(X)
        bandwidth = float(
            estimate_bandwidth(X) if self.bandwidth is None else self.bandwidth / self.frame_.unit
        )
        if not bandwidth:
            raise NotApplicable("30% of the samples are equal, which makes the bandwidth 0: give bandwidth")
        modes = climb(X, bandwidth, self.max_iter)
        # One sample per point of arrival is enough; scikit-learn orders the modes and assigns the labels.
        _, first = np.unique(np.round(modes / (0.01 * bandwidth)), axis=0, return_index=True)
        self.model_ = SklearnMeanShift(
            bandwidth=bandwidth, seeds=modes[np.sort(first)], cluster_all=self.cluster_all
        ).fit(X)
        self.labels_ = self.model_.labels_
        self.bandwidth_ = bandwidth * self.frame_.unit
        self.cluster_centers_ = self.frame_.outside(self.model_.cluster_centers_)
        return self

    def predict(self, X: Array) -> NDArray[np.int64]:
        """Return the nearest mode of each sample, shape (n,)."""
        return np.asarray(self.model_.predict(self.frame_.inside(X)), dtype=np.int64)


def climb(X: Array, bandwidth: float, max_iter: int) -> Array:
    """Move each sample to the mean of its neighbours until it converges, and return where it ends.

    Parameters
    ----------
    X : ndarray of shape (n, d)
    bandwidth : float
        Radius of the neighbourhood.
    max_iter : int

    Returns
    -------
    ndarray of shape (n, d)
    """
    means = np.array(X)
    lengths = np.einsum("ij,ij->i", X, X)
    for start in range(0, len(X), CHUNK):
        report_progress(start, len(X))
        moving = np.arange(start, min(start + CHUNK, len(X)))
        for _ in range(max_iter):
            at = means[moving]
            squares = lengths - 2 * at @ X.T + np.einsum("ij,ij->i", at, at)[:, None]
            near = (squares <= bandwidth**2).astype(X.dtype)
            means[moving] = near @ X / np.maximum(near.sum(axis=1, keepdims=True), 1)
            moving = moving[np.linalg.norm(means[moving] - at, axis=1) >= STILL * bandwidth]
            if not len(moving):
                break
    return means
