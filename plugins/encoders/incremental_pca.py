"""Principal components learnt from one batch of rows after the other (Ross et al., 2008)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.decomposition import IncrementalPCA as SklearnIncrementalPCA
from sklearn.utils import gen_batches
from sklearn.utils.validation import check_is_fitted

from harness import BadParameter, batches, new_rows, report_progress, take_rows

from .._frame_in_batches import frame_in_batches
from .pca import _count

Floats = NDArray[np.floating[Any]]


class IncrementalPCA(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's incremental PCA: approximate, but without a matrix of d x d.

    `pca` works on large data in batches too, and is exact; this one is for samples with tens of thousands of
    features, whose covariance would not fit in memory.

    Parameters
    ----------
    n_components : int or "auto"
        Number of components; "auto" is 50, or the number of samples or features if lower.
    whiten : bool
        Whether to scale each component to unit variance.
    batch_size : int, optional
        Rows of a batch, at least `n_components`; by default five times the number of features or components,
        at most 10,000 unless there are more components.

    Attributes
    ----------
    explained_variance_ratio_ : ndarray of shape (k,), float64
        Share of the variance that each component explains, about; in [0, 1], largest first.
    model_ : sklearn.decomposition.IncrementalPCA
        The fitted model, in units of `frame_`.

    References
    ----------
    D. A. Ross, J. Lim, R.-S. Lin, M.-H. Yang, Incremental learning for robust visual tracking, 2008.

    Examples
    --------
    >>> X = np.array([[0, 0, 1], [1, 1, 1], [2, 2, 1]], dtype=np.float32)
    >>> IncrementalPCA(n_components=1).fit(X).transform(X).round(3).tolist()
    [[-1.4140000343322754], [0.0], [1.4140000343322754]]
    """

    in_batches: ClassVar[bool] = True  # it takes rows in a file
    slow: ClassVar[bool] = True  # a special case: `--all` leaves it to `--slow`

    def __init__(
        self,
        n_components: int | Literal["auto"] = "auto",
        whiten: bool = False,
        batch_size: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.whiten = whiten
        self.batch_size = batch_size

    def fit(self, X: Floats, y: None = None) -> Self:
        """Find the components of samples of shape (n, d), in the order of the rows.

        Raises
        ------
        BadParameter
            If `n_components` is no integer from 1 to the number of samples and features, or `batch_size`
            is lower.
        """
        n, d = X.shape
        count = _count(self.n_components, n, d)
        if isinstance(count, float):
            raise BadParameter(
                f"n_components must be 'auto' or an integer from 1, got {count}: a share of variance is not "
                "known before the last batch. Use pca."
            )
        size = self.batch_size or max(min(5 * max(d, count), 10_000), count)
        if size < count:
            raise BadParameter(f"batch_size must be at least n_components, {count}, got {size}.")
        self.frame_ = frame_in_batches(X)
        self.model_ = SklearnIncrementalPCA(count, whiten=self.whiten, copy=False)
        for rows in gen_batches(n, size, min_batch_size=count):
            block = take_rows(X, rows)
            self.model_.partial_fit(np.array(self.frame_.inside(block, np.float64)), check_input=False)
            report_progress(rows.stop, n, "rows")
        self.explained_variance_ratio_ = self.model_.explained_variance_ratio_
        self.n_features_in_ = int(d)
        return self

    def transform(self, X: Floats) -> Floats:
        """Project samples of shape (n, d) onto the components: shape (n, k), in the samples' precision."""
        check_is_fitted(self)
        out = new_rows((len(X), self.model_.n_components_), X.dtype)
        unit = 1.0 if self.whiten else self.frame_.unit
        for rows, block in batches(X):
            out[rows] = self.model_.transform(self.frame_.inside(block, np.float64)) * unit
        return out
