"""Scaling step: map each feature to its ranks, uniform on [0, 1] or normally distributed."""

from __future__ import annotations

import warnings
from typing import Self

import numpy as np
from scipy.special import ndtri
from sklearn.preprocessing import QuantileTransformer

from harness import BadParameter

from ._scaling import Doubles, Floats, Scaling, by_blocks

EDGE = 1e-7 - np.spacing(1)  # scikit-learn's: ranks of 0 and 1 have no finite normal quantile


class Quantile(Scaling):
    """Replace each value by the share of fitted values below it.

    This discards distances within a feature, and outliers. All fitted rows are used, so no seed is needed.

    Parameters
    ----------
    n_quantiles : int
        Number of quantiles of the fitted values, at most the number of rows; values between two are
        interpolated.
    output_distribution : {"uniform", "normal"}

    Attributes
    ----------
    scaler_ : sklearn.preprocessing.QuantileTransformer
        See `harness.plugins.encoders._scaling.Scaling`.

    Examples
    --------
    >>> X = np.array([[1.0], [10.0], [100.0], [1000.0], [10000.0]])
    >>> Quantile().fit_transform(X).ravel().tolist()
    [0.0, 0.25, 0.5, 0.75, 1.0]
    """

    def __init__(self, n_quantiles: int = 1000, output_distribution: str = "uniform") -> None:
        self.n_quantiles = n_quantiles
        self.output_distribution = output_distribution

    def _scaler(self) -> QuantileTransformer:
        return QuantileTransformer(n_quantiles=self.n_quantiles, subsample=None, copy=False)

    def check_params(self) -> None:
        """Also check the distribution.

        Raises
        ------
        BadParameter
            If it is neither of the two.
        ValueError
            If the number of quantiles is out of range.
        """
        if self.output_distribution not in ("uniform", "normal"):
            raise BadParameter(
                f"output_distribution must be 'uniform' or 'normal', got {self.output_distribution!r}."
            )
        with warnings.catch_warnings(action="ignore"):
            super().check_params()

    def fit(self, X: Floats, y: None = None) -> Self:
        """Learn the quantiles of each feature of samples of shape (n, d)."""
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="n_quantiles .* is greater than the total number")
            return super().fit(X)

    def transform(self, X: Floats) -> Floats:
        """Return the ranks of samples of shape (n, d), in their precision."""
        if self.output_distribution == "uniform":
            return super().transform(X)

        # Not by scikit-learn, which treats values closer than 1e-7 as equal there.
        def normal(rows: Doubles) -> Doubles:
            ranks = self.scaler_.transform(self._settled(rows))
            scores: Doubles = ndtri(np.clip(ranks, EDGE, 1 - EDGE))
            return scores

        return by_blocks(normal, X)
