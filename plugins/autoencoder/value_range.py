"""An affine map of the fitted values to [0, 1], where networks train well, and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Single = NDArray[np.float32]
Floats = Single | NDArray[np.float64]
_ROWS = 4096


@dataclass(frozen=True)
class ValueRange:
    """The smallest and the largest of all fitted values; the same map for every feature keeps distances.

    Values from exactly 0 to 1 are unchanged. Values outside the range use the same map, and are not clipped.

    Parameters
    ----------
    low, high : float

    Examples
    --------
    >>> found = ValueRange.of(np.array([[-3e9, 1e9], [5e9, 0]]))
    >>> found.to_unit(np.array([[-3e9, 5e9, 1e9, 9e9]])).tolist()
    [[0.0, 1.0, 0.5, 1.5]]
    >>> found.from_unit(np.array([[0.5]], dtype=np.float32), np.float64).tolist()
    [[1000000000.0]]
    """

    low: float
    high: float

    @classmethod
    def of(cls, X: Floats) -> Self:
        """Return the range of samples."""
        return cls(float(X.min()), float(X.max()))

    @property
    def _half(self) -> float:
        """Half the width, since the difference of two finite numbers may overflow; 0.5 for a single value."""
        return (self.high / 2 - self.low / 2) or 0.5

    def to_unit(self, X: Floats) -> Single:
        """Return samples as float32, after mapping the range to [0, 1] in float64."""
        if (self.low, self.high) == (0, 1):
            return np.ascontiguousarray(X, dtype=np.float32)
        out = np.empty(X.shape, dtype=np.float32)
        for start in range(0, len(X), _ROWS):
            block = X[start : start + _ROWS].astype(np.float64)
            out[start : start + _ROWS] = (block / 2 - self.low / 2) / self._half
        return out

    def from_unit(self, X: Single, dtype: type[np.floating] | np.dtype[np.floating]) -> Floats:
        """Return mapped values in the units of the samples."""
        if (self.low, self.high) == (0, 1):
            return X
        out = np.empty(X.shape, dtype=np.float32 if dtype == np.float32 else np.float64)
        for start in range(0, len(X), _ROWS):
            block = X[start : start + _ROWS].astype(np.float64)
            out[start : start + _ROWS] = (block * self._half + self.low / 2) * 2
        return out
