"""Embeddings of several encoders side by side."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin


class Concat(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Put the embeddings of several encoders side by side: ``concat(pca, umap)``.

    Each part is an encoder or a chain, and runs separately, so parts used elsewhere are not recomputed. Parts
    are not scaled; ``concat(pca+normalize, umap+normalize)`` gives each the same weight in distances. The
    harness runs the parts, and passes their columns to this class.

    Attributes
    ----------
    n_features_in_ : int
        Total number of columns of the parts.

    Examples
    --------
    >>> parts = np.hstack([np.eye(3), np.ones((3, 2))])
    >>> Concat().fit(parts).transform(parts).shape
    (3, 5)
    """

    def fit(self, X: NDArray[np.floating[Any]], y: None = None) -> Self:
        """Store the number of columns of the parts' embeddings, shape (n, d)."""
        self.n_features_in_ = int(X.shape[1])
        return self

    def transform(self, X: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        """Return the parts' embeddings, shape (n, d), unchanged."""
        return X
