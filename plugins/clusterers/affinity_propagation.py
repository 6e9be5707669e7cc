"""Samples elect exemplars by passing messages (Frey and Dueck, 2007)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from numpy.typing import NDArray
from sklearn.cluster import AffinityPropagation as SklearnAffinityPropagation

from ._framed import FramedPredictor
from ._limit import check_size


class AffinityPropagation(FramedPredictor):
    """scikit-learn's affinity propagation, which finds K; memory grows with the square of n.

    Ties are broken with a fixed seed, so it is deterministic.

    Parameters
    ----------
    damping : float
        From 0.5 to 1: weight of the old messages, which prevents oscillations.
    preference : float, optional
        Preference of samples to be exemplars: higher values give more clusters. By default the median
        similarity, which gives many.
    max_iter, convergence_iter : int
    max_samples : int
        With more samples it is not applicable: messages between all pairs take 16 n**2 bytes.

    Attributes
    ----------
    labels_ : ndarray of shape (n,)
        The cluster of each sample, from 0; all -1 if the messages did not converge.

    References
    ----------
    B. J. Frey and D. Dueck, Clustering by passing messages between data points, 2007.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = AffinityPropagation(preference=-1).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    slow: ClassVar[bool] = True
    estimator = SklearnAffinityPropagation
    fixed: ClassVar = {"random_state": 0}
    lengths: ClassVar = {"preference": 2}

    def __init__(
        self,
        *,
        damping: float = 0.9,
        preference: float | None = None,
        max_iter: int = 500,
        convergence_iter: int = 15,
        max_samples: int = 10_000,
    ) -> None:
        self.damping = damping
        self.preference = preference
        self.max_iter = max_iter
        self.convergence_iter = convergence_iter
        self.max_samples = max_samples

    def fit(self, X: NDArray[Any], y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        check_size("affinity-propagation", len(X), self.max_samples, bytes_per_pair=16)
        return super().fit(X)
