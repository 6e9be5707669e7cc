"""The common parts of scaling steps: float64 inside, the precision of the input outside."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

Floats = NDArray[np.float32] | NDArray[np.float64]
Doubles = NDArray[np.float64]
_ROWS = 4096


def by_blocks(function: Callable[[Doubles], Doubles], X: Floats) -> Floats:
    """Apply a function of rows in float64, and return its values in the precision of X.

    Examples
    --------
    >>> by_blocks(np.sqrt, np.array([[4.0, 9.0]], dtype=np.float32))
    array([[2., 3.]], dtype=float32)
    """
    out = np.empty(X.shape, dtype=np.float32 if X.dtype == np.float32 else np.float64)
    for start in range(0, len(X), _ROWS):
        out[start : start + _ROWS] = function(X[start : start + _ROWS].astype(np.float64))
    return out


class Scaling(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """A scikit-learn scaler, fitted on features that are first mapped to [0, 1).

    scikit-learn's thresholds for constant features are absolute, or relative to the mean. So each feature is
    first shifted to 0 and divided by a power of two, which is exact: unit and offset do not matter.

    Attributes
    ----------
    scaler_ : object
        The fitted scaler of scikit-learn, of the features in [0, 1).
    constant_ : ndarray of shape (d,), bool
        Which features are constant.
    powers_, lows_ : ndarray of shape (d,)
        The factor of each feature, as an exponent of 1/2, and the value then subtracted.
    """

    preprocessing: ClassVar[bool] = True

    def _scaler(self) -> Any:
        """Return the scaler, not fitted."""
        raise NotImplementedError

    def check_params(self) -> None:
        """Let scikit-learn check the parameters before fitting.

        Raises
        ------
        ValueError
            If one is of a wrong type or out of range.
        """
        self._scaler().fit([[0.0], [1.0]])

    def fit(self, X: Floats, y: None = None) -> Self:
        """Learn location and scale of each feature of samples of shape (n, d)."""
        low, high = X.min(axis=0).astype(np.float64), X.max(axis=0).astype(np.float64)
        self.constant_ = low == high
        # Halves, since the difference of two finite numbers may overflow.
        self.powers_ = np.where(self.constant_, 0, np.frexp(high / 2 - low / 2)[1] + 1)
        self.lows_ = np.ldexp(low, -self.powers_)
        self.n_features_in_ = int(X.shape[1])
        self._warn(self.constant_, "constant on the fitted rows")
        self.scaler_ = self._scaler().fit(self._settled(X.astype(np.float64)))
        return self

    def transform(self, X: Floats) -> Floats:
        """Scale samples of shape (n, d), in their precision."""
        check_is_fitted(self, "scaler_")
        return by_blocks(lambda rows: self.scaler_.transform(self._settled(rows)), X)

    def _settled(self, X: Doubles) -> Doubles:
        settled: Doubles = np.ldexp(X, -self.powers_, out=X)
        settled -= self.lows_
        return settled

    @staticmethod
    def _warn(which: NDArray[np.bool_], what: str) -> None:
        if which.any():
            count, first = int(which.sum()), int(np.argmax(which))
            more = f"feature {first} (counted from 0)" if count == 1 else f"feature {first} among them"
            warnings.warn(f"{count} of {len(which)} features are {what}: {more}.", stacklevel=3)
