"""Scaling step: scale each sample to length 1, so that only directions count."""

from __future__ import annotations

import warnings
from typing import ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import Normalizer

from ._scaling import Doubles, Floats, by_blocks


class Normalize(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Divide each sample by its norm; all-zero samples are unchanged, with a warning.

    Parameters
    ----------
    norm : {"l2", "l1", "max"}

    Examples
    --------
    >>> Normalize().fit_transform(np.array([[3.0, 4.0], [0.0, 1e-300]])).tolist()
    [[0.6, 0.8], [0.0, 1.0]]
    """

    preprocessing: ClassVar[bool] = True

    def __init__(self, norm: str = "l2") -> None:
        self.norm = norm

    def check_params(self) -> None:
        """Let scikit-learn check the norm.

        Raises
        ------
        ValueError
            If there is no such norm.
        """
        Normalizer(self.norm).fit([[1.0]])

    def fit(self, X: Floats, y: None = None) -> Self:
        """Store the number of features of samples of shape (n, d)."""
        self.check_params()
        self.n_features_in_ = int(X.shape[1])
        return self

    def transform(self, X: Floats) -> Floats:
        """Return samples of shape (n, d) with norm 1, in their precision."""
        zeros = int((~X.any(axis=1)).sum())
        if zeros:
            warnings.warn(
                f"{zeros} of {len(X)} samples are all zeros: they have no direction and stay zeros.",
                stacklevel=2,
            )
        return by_blocks(self._normalized, X)

    def _normalized(self, rows: Doubles) -> Doubles:
        # First by a power of two, which is exact: squares of large or small values do not fit float64.
        powers = np.frexp(np.abs(rows).max(axis=1, keepdims=True))[1]
        normalized: Doubles = Normalizer(self.norm, copy=False).transform(np.ldexp(rows, -powers, out=rows))
        return normalized
