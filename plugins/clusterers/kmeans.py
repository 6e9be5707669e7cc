"""K-means on the embedding (Lloyd, 1982)."""

from __future__ import annotations

from numbers import Real
from typing import Any, Literal

import numpy as np
from sklearn.cluster import KMeans as SklearnKMeans

from .._frame import Frame
from ._framed import FramedPredictor
from ._reported_tolerance import ReportedTolerance


class KMeans(FramedPredictor):
    """scikit-learn's k-means, in the precision of the embedding.

    Parameters
    ----------
    n_clusters : int
        Number of clusters, at most the number of samples.
    init : {"k-means++", "random"}, array of shape (n_clusters, k) or callable
        Initial centres, or how they are chosen.
    n_init : int or "auto"
        Number of runs; the one with the lowest inertia is kept.
    max_iter : int
        Maximum number of iterations per run.
    tol : float
        A run ends when the centres move by less than this, relative to the mean variance of the features.
    algorithm : {"lloyd", "elkan"}
        Both give the same clusters up to rounding; elkan may be faster on well-separated ones, but needs
        more memory.
    random_state : int, optional
        Seed of the initial centres.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int32
        The cluster of each sample, from 0.
    cluster_centers_ : ndarray of shape (n_clusters, k), float32 for a float32 embedding
        The centres.
    inertia_ : float
        Sum of squared distances of the samples to their centres.
    n_iter_ : int
        Iterations of the kept run.

    References
    ----------
    S. P. Lloyd, Least squares quantization in PCM, 1982. D. Arthur and S. Vassilvitskii, k-means++: the
    advantages of careful seeding, 2007.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0], [1], [8], [9]], dtype=np.float32)
    >>> model = KMeans(n_clusters=2, random_state=0).fit(X)
    >>> bool(model.labels_[0] == model.labels_[1] != model.labels_[2] == model.labels_[3])
    True
    >>> float(model.inertia_)
    1.0
    """

    estimator = SklearnKMeans

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: int | Literal["auto"] = 1,
        max_iter: int = 300,
        tol: float = 1e-4,
        algorithm: Literal["lloyd", "elkan"] = "lloyd",
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.algorithm = algorithm
        self.random_state = random_state

    def build(self, frame: Frame) -> SklearnKMeans:
        """Return scikit-learn's k-means, with given initial centres converted to the frame."""
        model = super().build(frame)
        if isinstance(self.tol, Real):  # else scikit-learn says what it must be
            model.tol = ReportedTolerance(self.tol)
        if not (isinstance(self.init, str) or callable(self.init)):
            model.init = frame.inside(np.asarray(self.init))
        return model
