"""The samples themselves, unchanged: the baseline of every encoder."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin


class Identity(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Return the samples unchanged.

    Attributes
    ----------
    n_features_in_ : int
        Number of columns in `fit`.

    Examples
    --------
    >>> X = np.eye(3, dtype=np.float32)
    >>> Identity().fit(X).transform(X) is X
    True
    """

    def fit(self, X: NDArray[np.float32], y: None = None) -> Self:
        """Store the number of columns of samples of shape (n, d)."""
        self.n_features_in_ = int(X.shape[1])
        return self

    def transform(self, X: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return `X` of shape (n, d) itself, not a copy."""
        return X
