"""Scaling step: scale each feature to median 0 and interquartile range 1, robust to outliers."""

from __future__ import annotations

from typing import Self

import numpy as np
from sklearn.preprocessing import RobustScaler

from ._scaling import Floats, Scaling


class RobustScale(Scaling):
    """Subtract the median of each feature, and divide by the distance between two quantiles.

    If that distance is 0 and the feature is not constant, e.g. if most values are 0, it is divided by its
    whole range, with a warning. A constant feature becomes 0.

    Parameters
    ----------
    quantile_range : tuple (low, high)
        The two quantiles, in percent.

    Attributes
    ----------
    scaler_ : sklearn.preprocessing.RobustScaler
        See `harness.plugins.encoders._scaling.Scaling`.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0], [1000.0]])
    >>> RobustScale().fit_transform(X).ravel().tolist()
    [-1.0, -0.5, 0.0, 0.5, 499.0]
    """

    def __init__(self, quantile_range: tuple[float, float] = (25.0, 75.0)) -> None:
        self.quantile_range = quantile_range

    def _scaler(self) -> RobustScaler:
        return RobustScaler(quantile_range=self.quantile_range)

    def fit(self, X: Floats, y: None = None) -> Self:
        """Learn median and quantiles of each feature of samples of shape (n, d)."""
        super().fit(X)
        # scikit-learn would leave such features in their own unit.
        narrow = ~self.constant_ & (self.scaler_.scale_ == 1)
        self._warn(narrow, "divided by their range, as the two quantiles are equal")
        span = np.ldexp(X.max(axis=0).astype(np.float64), -self.powers_) - self.lows_
        self.scaler_.scale_ = np.where(narrow, span, self.scaler_.scale_)
        return self
