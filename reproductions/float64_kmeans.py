"""K-means in double precision, for comparison with single precision."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from sklearn.cluster import KMeans


class DoubleKMeans(KMeans):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's k-means on a float64 copy of the embedding, with the same parameters and attributes.

    Examples
    --------
    >>> X = np.array([[0], [1], [8], [9]], dtype=np.float32)
    >>> DoubleKMeans(2, random_state=0).fit(X).cluster_centers_.dtype
    dtype('float64')
    """

    def fit(self, X: Any, y: None = None, sample_weight: None = None) -> Self:
        """Fit to samples of shape (n, k)."""
        super().fit(np.asarray(X, dtype=np.float64))
        return self

    def predict(self, X: Any) -> Any:
        """Return the cluster of each sample of shape (n, k), int32."""
        return super().predict(np.asarray(X, dtype=np.float64))
