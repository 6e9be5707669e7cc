"""k-means with K by the gap statistic and its one-standard-error rule (Tibshirani et al., 2001)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from harness import BadParameter, Fit, NotApplicable, report_progress

from .._frame import Frame
from ._kmeans_sweep import KMeansSweep
from ._sweep import Curve, told


class KMeansGap(KMeansSweep):
    """Chooses the smallest K whose gap is within one standard error of the next.

    The gap compares the log of the inertia with that of uniform samples in a box along the principal axes of
    the data. Data without clusters have no gap at any K, so with ``k_min=1`` it can choose 1.

    Parameters
    ----------
    k_min, k_max : int
        The range of K.
    k_values : list of int, optional
        The values of K, instead of a range.
    n_references : int
        Number of uniform datasets clustered at each K; each takes about as long as the sweep.
    reference_size : int
        Maximum number of rows of a uniform dataset. The inertia per row is compared, which k-means on m
        rows lowers by about K / m: at most 0.2% for 20 clusters in 10,000 rows.
    n_init, max_iter, tol, algorithm, random_state
        As in `kmeans`.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
    n_clusters_ : int
    selection_ : dict
        The curve and the choice, with the standard ``errors`` of the gaps: see `docs/choosing-k.md`.

    References
    ----------
    R. Tibshirani, G. Walther and T. Hastie, Estimating the number of clusters in a data set via the gap
    statistic, 2001.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> KMeansGap(k_max=5, random_state=0, n_init=5).fit(X).n_clusters_
    3
    """

    criterion = "gap"

    def __init__(
        self,
        k_min: int = 2,
        k_max: int = 20,
        k_values: Sequence[int] | None = None,
        *,
        n_references: int = 10,
        reference_size: int = 10_000,
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
        self.n_references = n_references
        self.reference_size = reference_size

    def check_params(self) -> None:
        """Also raise BadParameter unless there are references with more rows than clusters."""
        super().check_params()
        if self.n_references < 1:
            raise BadParameter(f"n_references must be at least 1, got {self.n_references}.")
        if self.reference_size <= self.wanted()[-1]:
            raise BadParameter(
                f"reference_size must be more than the largest K, {self.wanted()[-1]}, got "
                f"{self.reference_size}."
            )

    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the gap of each fit: expected minus found log of the mean squared distance to the centre."""
        frame = Frame.of(X)
        spread = float(frame.variances.sum())
        if not spread:
            raise NotApplicable("all samples are equal: there is nothing to compare")
        expected = self._references(frame.inside(X), fits)
        rounding = np.finfo(X.dtype).eps * spread  # below this the inertia is rounding noise of equal samples
        inertia = np.divide(told(fits, "inertia"), frame.unit) / frame.unit
        found = np.log(np.maximum(inertia / len(X), rounding))
        self.errors_ = [*map(float, expected.std(axis=0) * np.sqrt(1 + 1 / len(expected)))]
        return [*map(float, expected.mean(axis=0) - found)]

    def details(self) -> dict[str, Any]:
        """Return the standard errors of the gaps."""
        return {"errors": self.errors_}

    def _references(self, X: NDArray[Any], fits: Sequence[Fit]) -> NDArray[Any]:
        """Return the log of the inertia per row of uniform datasets, shape (n_references, number of fits)."""
        rng = np.random.default_rng(self.random_state)
        mean = X.mean(axis=0)
        axes = np.linalg.eigh(np.cov(X - mean, rowvar=False).reshape(X.shape[1], -1))[1].astype(X.dtype)
        turned = (X - mean) @ axes
        low, high = turned.min(axis=0), turned.max(axis=0)
        rows = min(len(X), self.reference_size)
        logs = np.empty((self.n_references, len(fits)))
        for number in range(self.n_references):
            # Rotation changes no distance, so the datasets stay along the axes.
            uniform = rng.random((rows, X.shape[1]), dtype=np.float32) * (high - low) + low
            seed = int(rng.integers(2**31))
            for column, fit in enumerate(fits):
                report_progress(number * len(fits) + column, logs.size, f"reference {number + 1}, K {fit.k}")
                logs[number, column] = self._inertia(uniform, fit.k, seed) / rows
        return np.log(logs)

    def _inertia(self, uniform: NDArray[Any], k: int, seed: int) -> float:
        model = self.clusterer(**{**self.base_params(), "n_clusters": k, "random_state": seed})
        return float(model.fit(uniform).inertia_)

    def best(self, ks: Sequence[int], values: Curve) -> int:
        """Return the smallest K by the rule of one standard error.

        Raises
        ------
        NotApplicable
            If no K satisfies the rule, since the gap still grows at the end of the range.
        """
        gaps = [value for value in values if value is not None]
        for k, gap, after, error in zip(ks, gaps, gaps[1:], self.errors_[1:], strict=False):
            if gap >= after - error:
                return k
        raise NotApplicable(f"the gap grows up to the end of the range, K = {ks[-1]}: try larger K")
