"""Random directions, which nearly keep distances (Johnson and Lindenstrauss, 1984)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.random_projection import GaussianRandomProjection, SparseRandomProjection
from sklearn.utils.validation import check_is_fitted

from .._frame import Frame
from .._numbers import check_choice, check_integers

Array = NDArray[Any]


class RandomProjection(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's random projections; squared distances are kept on average.

    Parameters
    ----------
    n_components : int
        Random directions. Their number alone, not that of the features, says how well distances are kept.
    kind : {"gaussian", "sparse"}
        Normal entries, or entries of which 1 in the root of the number of features is not 0.
    random_state : int, optional

    Attributes
    ----------
    projection_ : object
        The fitted model of scikit-learn, of samples in units of `frame_`.

    References
    ----------
    P. Li, T. J. Hastie and K. W. Church, Very sparse random projections, 2006.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(50, 300))
    >>> found = RandomProjection(200, random_state=0).fit_transform(X)
    >>> bool(0.8 < np.linalg.norm(found[0] - found[1]) / np.linalg.norm(X[0] - X[1]) < 1.2)
    True
    """

    slow: ClassVar[bool] = True  # a special case: `--all` leaves it to `--slow`

    def __init__(
        self, n_components: int = 50, *, kind: str = "gaussian", random_state: int | None = None
    ) -> None:
        self.n_components = n_components
        self.kind = kind
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong parameters before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_components=1)
        check_choice(self, kind=("gaussian", "sparse"))

    def fit(self, X: Array, y: None = None) -> Self:
        """Draw directions for samples of shape (n, d)."""
        self.check_params()
        self.frame_ = Frame.of(X)
        model = GaussianRandomProjection if self.kind == "gaussian" else SparseRandomProjection
        rows = np.zeros((1, X.shape[1]))  # only their width matters
        self.projection_ = model(self.n_components, random_state=self.random_state).fit(rows)
        self.n_features_in_ = int(X.shape[1])
        return self

    def transform(self, X: Array) -> Array:
        """Project samples of shape (n, d): shape (n, n_components), in their units and precision."""
        check_is_fitted(self)
        found = self.projection_.transform(self.frame_.inside(X, np.float64)) * self.frame_.unit
        return found.astype(np.float64 if X.dtype == np.float64 else np.float32)  # type: ignore[no-any-return]
