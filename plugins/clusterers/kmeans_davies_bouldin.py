"""k-means with the K of the lowest Davies-Bouldin index (Davies and Bouldin, 1979)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray
from sklearn.metrics import davies_bouldin_score

from harness import Fit

from .._frame import in_double
from ._kmeans_sweep import KMeansSweep
from ._sweep import Curve, scored


class KMeansDaviesBouldin(KMeansSweep):
    """Chooses the K at which clusters are on average least similar to their most similar cluster.

    Parameters
    ----------
    k_min, k_max : int
        The range of K.
    k_values : list of int, optional
        The values of K, instead of a range.
    n_init, max_iter, tol, algorithm, random_state
        As in `kmeans`.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
    n_clusters_ : int
    selection_ : dict
        The curve and the choice: see `docs/choosing-k.md`.

    References
    ----------
    D. L. Davies and D. W. Bouldin, A cluster separation measure, 1979.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> KMeansDaviesBouldin(random_state=0, n_init=5).fit(X).n_clusters_
    3
    """

    criterion = "davies-bouldin"
    lowest = True
    least = 2

    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the index of each fit; there is none at K = 1."""
        return scored(fits, davies_bouldin_score, in_double(X))
