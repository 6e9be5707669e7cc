"""k-means with the K of the highest Calinski-Harabasz index (Calinski and Harabasz, 1974)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import calinski_harabasz_score

from harness import Fit

from .._frame import Frame, in_double
from ._kmeans_sweep import KMeansSweep
from ._sweep import Curve, scored, told


class KMeansCalinskiHarabasz(KMeansSweep):
    """Chooses the K with the highest ratio of dispersion between clusters to dispersion within.

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
    T. Calinski and J. Harabasz, A dendrite method for cluster analysis, 1974.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> KMeansCalinskiHarabasz(random_state=0, n_init=5).fit(X).n_clusters_
    3
    """

    criterion = "calinski-harabasz"
    least = 2

    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the index of each fit: none at K = 1, infinite if all samples of each cluster are equal."""
        values = scored(fits, calinski_harabasz_score, in_double(X))
        frame = Frame.of(X)
        rounding = frame.area(float(np.finfo(X.dtype).eps * frame.variances.sum() * len(X)))
        perfect = [inertia <= rounding for inertia in told(fits, "inertia")]
        return [
            np.inf if exact and value is not None else value
            for exact, value in zip(perfect, values, strict=True)
        ]
