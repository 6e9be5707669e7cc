"""Scaling step: map each feature to the range from 0 to 1."""

from __future__ import annotations

from sklearn.preprocessing import MinMaxScaler

from ._scaling import Scaling


class MinMax(Scaling):
    """Map the smallest and largest fitted value of each feature to the ends of a range.

    A constant feature is mapped to the lower end. Unseen values may lie outside the range.

    Parameters
    ----------
    feature_range : tuple (low, high)

    Attributes
    ----------
    scaler_ : sklearn.preprocessing.MinMaxScaler
        See `harness.plugins.encoders._scaling.Scaling`.

    Examples
    --------
    >>> import numpy as np
    >>> MinMax().fit_transform(np.array([[-1.0, 7.0], [0.0, 8.0], [1.0, 11.0]])).tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """

    def __init__(self, feature_range: tuple[float, float] = (0, 1)) -> None:
        self.feature_range = feature_range

    def _scaler(self) -> MinMaxScaler:
        return MinMaxScaler(self.feature_range, copy=False)
