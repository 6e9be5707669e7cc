"""Scaling step: scale each feature to mean 0 and variance 1."""

from __future__ import annotations

from sklearn.preprocessing import StandardScaler

from ._scaling import Scaling


class Standardize(Scaling):
    """Subtract the mean of each feature, and divide by its standard deviation; a constant one becomes 0.

    Attributes
    ----------
    scaler_ : sklearn.preprocessing.StandardScaler
        See `harness.plugins.encoders._scaling.Scaling`.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[1e9, 1e-6], [1e9 + 1, 2e-6], [1e9 + 2, 3e-6]])
    >>> Standardize().fit_transform(X).round(3).tolist()
    [[-1.225, -1.225], [0.0, 0.0], [1.225, 1.225]]
    """

    def _scaler(self) -> StandardScaler:
        return StandardScaler(copy=False)
