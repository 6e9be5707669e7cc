"""Scaling step: the logarithm of 1 + x, for counts and other skewed features."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

from harness import NotApplicable

from ._scaling import Floats, by_blocks


class Log1p(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Compute log(1 + x) of each value, accurate for small ones too.

    Examples
    --------
    >>> Log1p().fit_transform(np.array([[0.0, 1.0, 1e-12]])).tolist()
    [[0.0, 0.6931471805599453, 9.999999999995e-13]]
    """

    preprocessing: ClassVar[bool] = True

    def fit(self, X: Floats, y: None = None) -> Self:
        """Check that all values of samples of shape (n, d) are above -1.

        Raises
        ------
        NotApplicable
            If a value is -1 or less.
        """
        _check(X)
        self.n_features_in_ = int(X.shape[1])
        return self

    def transform(self, X: Floats) -> Floats:
        """Return the logarithms of samples of shape (n, d), in their precision.

        Raises
        ------
        NotApplicable
            If a value is -1 or less.
        """
        _check(X)
        return by_blocks(np.log1p, X)


def _check(X: Floats) -> None:
    if X.min() > -1:
        return
    row, feature = np.argwhere(X <= -1)[0]
    raise NotApplicable(
        f"log1p needs values above -1, got {X[row, feature]:g} in row {row}, feature {feature} "
        "(counted from 0); try quantile, or standardize"
    )
