"""The sweep of Gaussian mixtures that several criteria share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numpy.typing import NDArray

from harness import Fit

from ._sweep import Curve, Sweep, told
from .gmm import GaussianMixture


class MixtureSweep(Sweep):
    """A Gaussian mixture with each K of a range; the criterion is an attribute of each fit."""

    base = "gmm"
    clusterer = GaussianMixture
    lowest = True

    def __init__(
        self,
        k_min: int = 2,
        k_max: int = 20,
        k_values: Sequence[int] | None = None,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float | None = None,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        random_state: int | None = None,
    ) -> None:
        self.k_min = k_min
        self.k_max = k_max
        self.k_values = k_values
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.random_state = random_state

    def curve(self, X: NDArray[Any], fits: Sequence[Fit]) -> Curve:
        """Return the criterion of each fit."""
        return [*told(fits, self.criterion)]

    def predict_proba(self, X: NDArray[Any]) -> NDArray[Any]:
        """Return the probability of each component for each sample, shape (n, K)."""
        probabilities: NDArray[Any] = self.model_.predict_proba(X)
        return probabilities
