"""Principal components of samples larger than memory, from their covariance summed in batches."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from sklearn.decomposition import PCA as ExactPCA
from sklearn.utils.extmath import svd_flip

from harness import batches, new_rows, report_progress

from .._frame_in_batches import frame_in_batches
from .pca import PCA, _count

Floats = NDArray[np.floating[Any]]


class PCAInBatches(PCA):
    """The encoder `pca` on large data: the same components up to rounding.

    Only one batch of samples and d x d sums are in memory.

    Parameters
    ----------
    n_components, whiten
        As of `pca`.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(50, 3)).astype(np.float32)
    >>> bool(np.allclose(PCAInBatches(2).fit(X).transform(X), PCA(2).fit_transform(X), atol=1e-5))
    True
    """

    def fit(self, X: Floats, y: None = None) -> Self:
        """Find the components of samples of shape (n, d).

        Raises
        ------
        BadParameter
            If `n_components` is of a wrong type, below 1, or above the number of samples or features.
        """
        n, d = X.shape
        count = _count(self.n_components, n, d)
        self.frame_ = frame_in_batches(X)
        total, products = self._sums(X)
        mean = total / n
        values, vectors = eigh((products - n * np.outer(mean, mean)) / (n - 1))
        values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1].T  # largest first
        _, vectors = svd_flip(None, np.ascontiguousarray(vectors), u_based_decision=False)
        shares = values / values.sum() if values.sum() else values
        if isinstance(count, float):
            count = int(np.searchsorted(np.cumsum(shares), count, side="right")) + 1
        self.pca_ = _fitted(ExactPCA(count, whiten=self.whiten), mean, vectors[:count], values[:count])
        self.explained_variance_ratio_ = shares[:count]
        self.n_components_, self.n_features_in_ = count, d
        return self

    def _sums(self, X: Floats) -> tuple[Floats, Floats]:
        """Return the sum of the samples in the frame, and that of their products: shapes (d,) and (d, d)."""
        total, products = np.zeros(X.shape[1]), np.zeros((X.shape[1], X.shape[1]))
        for rows, block in batches(X):
            samples = self.frame_.inside(block, np.float64)
            total += samples.sum(axis=0)
            products += samples.T @ samples
            report_progress(rows.stop, len(X), "covariance")
        return total, products

    def transform(self, X: Floats) -> Floats:
        """Project samples of shape (n, d) onto the components: shape (n, k), in the samples' precision."""
        out = new_rows((len(X), self.n_components_), X.dtype)
        for rows, block in batches(X):
            out[rows] = super().transform(block)
        return out


def _fitted(model: Any, mean: Floats, components: Floats, variances: Floats) -> Any:
    """Return scikit-learn's model with these components, as after its own `fit`."""
    model.mean_, model.components_, model.explained_variance_ = mean, components, variances
    model.n_components_, model.n_features_in_ = components.shape
    return model
