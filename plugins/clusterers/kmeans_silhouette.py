"""k-means with the K of the highest mean silhouette (Rousseeuw, 1987)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from harness import Fit

from ._kmeans_sweep import KMeansSweep
from ._sweep import Curve


class KMeansSilhouette(KMeansSweep):
    """Chooses the K at which samples are closest to their own cluster, compared with the next.

    Parameters
    ----------
    k_min, k_max : int
        The range of K.
    k_values : list of int, optional
        The values of K, instead of a range.
    sample_size : int
        Of more rows, this many are drawn with `random_state`: time and memory grow with their square.
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
    P. J. Rousseeuw, Silhouettes: a graphical aid to the interpretation and validation of cluster analysis,
    1987.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> KMeansSilhouette(random_state=0, n_init=5).fit(X).n_clusters_
    3
    """

    criterion = "silhouette"
    least = 2

    def __init__(
        self,
        k_min: int = 2,
        k_max: int = 20,
        k_values: Sequence[int] | None = None,
        *,
        sample_size: int = 10_000,
        n_init: int | Literal["auto"] = 1,
        max_iter: int = 300,
        tol: float = 1e-4,
        algorithm: Literal["lloyd", "elkan"] = "lloyd",
        random_state: int | None = None,
    ) -> None:
        super().__init__(
            k_min,
            k_max,
            k_values,
            n_init=n_init,
            max_iter=max_iter,
            tol=tol,
            algorithm=algorithm,
            random_state=random_state,
        )
        self.sample_size = sample_size

    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the mean silhouette of each fit; there is none at K = 1."""
        from .._silhouettes import mean_silhouettes  # threads and sparse sums, which planning does not need

        labelings = [fit.labels for fit in fits]
        if len(X) > self.sample_size:
            rng = np.random.default_rng(self.random_state)
            rows = np.sort(rng.choice(len(X), self.sample_size, replace=False))
            X, labelings = X[rows], [labels[rows] for labels in labelings]
        return mean_silhouettes(X, labelings)
