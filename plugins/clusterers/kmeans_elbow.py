"""k-means with K at the elbow of the inertia, found by Kneedle (Satopaa et al., 2011)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from kneed import KneeLocator
from numpy.typing import NDArray

from harness import Fit, NotApplicable

from ._kmeans_sweep import KMeansSweep
from ._sweep import Curve, told


class KMeansElbow(KMeansSweep):
    """Chooses the K after which more clusters reduce the inertia only a little.

    The elbow is a heuristic: the inertia of data without clusters also has a bend. Look at the curve.

    Parameters
    ----------
    k_min, k_max : int
        The range of K.
    k_values : list of int, optional
        The values of K, instead of a range.
    sensitivity : float
        Kneedle's S: how much the curve must flatten, in mean steps of K, for a bend to be an elbow.
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
    V. Satopaa, J. Albrecht, D. Irwin and B. Raghavan, Finding a "kneedle" in a haystack: detecting knee
    points in system behavior, 2011. E. Schubert, Stop using the elbow criterion for k-means and how to
    choose the number of clusters instead, arXiv 2212.12189.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> KMeansElbow(random_state=0, n_init=5).fit(X).n_clusters_
    3
    """

    criterion = "inertia"

    def __init__(
        self,
        k_min: int = 2,
        k_max: int = 20,
        k_values: Sequence[int] | None = None,
        *,
        sensitivity: float = 1.0,
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
        self.sensitivity = sensitivity

    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the inertia of each fit."""
        return [*told(fits, "inertia")]

    def best(self, ks: Sequence[int], values: Curve) -> int:
        """Return the elbow of the curve.

        Raises
        ------
        NotApplicable
            If the curve has no elbow.
        """
        knee = None
        if len(set(values)) > 2:  # Kneedle divides by the spread
            knee = KneeLocator(ks, values, S=self.sensitivity, curve="convex", direction="decreasing").knee
        if knee is None:
            raise NotApplicable(
                f"the inertia has no elbow from K = {ks[0]} to {ks[-1]}: take another range, or another "
                "criterion"
            )
        return int(knee)
