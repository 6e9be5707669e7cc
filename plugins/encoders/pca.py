"""Projection onto the directions of largest variance (Pearson, 1901)."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import PCA as ExactPCA
from sklearn.utils.validation import check_is_fitted

from harness import BadParameter

from .._frame import Frame

Floats = NDArray[np.floating[Any]]

AUTO_COMPONENTS = 50


class PCA(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Principal components, computed exactly in double precision, so no seed is needed.

    Parameters
    ----------
    n_components : int, float or "auto"
        Number of components; a float between 0 and 1 selects as many as explain that share of the variance;
        "auto" is 50, or the number of samples or features if lower.
    whiten : bool
        Whether to scale each component to unit variance.

    Attributes
    ----------
    explained_variance_ratio_ : ndarray of shape (k,), float64
        Share of the variance that each component explains, in [0, 1], largest first.
    n_components_ : int
        The number of components k.
    pca_ : sklearn.decomposition.PCA
        The fitted model, in units of `frame_`.

    References
    ----------
    K. Pearson, On lines and planes of closest fit to systems of points in space, 1901.

    Examples
    --------
    >>> X = np.array([[0, 0, 1], [1, 1, 1], [2, 2, 1]], dtype=np.float32)
    >>> PCA(n_components=1).fit(X).transform(X).round(3).tolist()
    [[-1.4140000343322754], [0.0], [1.4140000343322754]]
    """

    def __init__(self, n_components: int | float | Literal["auto"] = "auto", whiten: bool = False) -> None:
        self.n_components = n_components
        self.whiten = whiten

    def fit(self, X: Floats, y: None = None) -> Self:
        """Find the components of samples of shape (n, d).

        Raises
        ------
        BadParameter
            If `n_components` is of a wrong type, below 1, or above the number of samples or features.
        """
        n_samples, n_features = X.shape
        count = _count(self.n_components, n_samples, n_features)
        # The covariance is much faster than a full decomposition, and in double precision as exact. But it is
        # d x d, too large if there are more features than samples.
        solver = "covariance_eigh" if n_features <= n_samples else "full"
        self.frame_ = Frame.of(X)
        samples = self.frame_.inside(X, np.float64)
        self.pca_ = ExactPCA(count, whiten=self.whiten, svd_solver=solver).fit(samples)
        self.explained_variance_ratio_ = self.pca_.explained_variance_ratio_
        self.n_components_ = int(self.pca_.n_components_)
        self.n_features_in_ = int(n_features)
        return self

    def transform(self, X: Floats) -> Floats:
        """Project samples of shape (n, d) onto the components: shape (n, k), in the samples' precision."""
        check_is_fitted(self)
        projected: Floats = self.pca_.transform(
            self.frame_.inside(X, None if self.frame_.plain else np.float64)
        )
        if not self.whiten:
            projected = projected * self.frame_.unit
        return projected.astype(np.float64 if X.dtype == np.float64 else np.float32, copy=False)


def _count(n_components: object, n_samples: int, n_features: int) -> int | float:
    """Return `n_components` for scikit-learn, or raise BadParameter."""
    most, what = min((n_features, "features"), (n_samples, "samples"))
    if n_components == "auto":
        return min(AUTO_COMPONENTS, most)
    if isinstance(n_components, int | np.integer) and not isinstance(n_components, bool):
        if n_components > most:
            raise BadParameter(
                f"n_components must be at most {most} ({what}), got {n_components}. Lower n_components."
            )
        if n_components >= 1:
            return int(n_components)
    elif isinstance(n_components, float | np.floating) and 0 < n_components < 1:
        return float(n_components)
    raise BadParameter(
        "n_components must be 'auto', an integer from 1, or a share of variance between 0 and 1, "
        f"got {n_components!r}."
    )
