"""Features whose products approximate a Gaussian kernel (Williams and Seeger, 2001)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.kernel_approximation import Nystroem as SklearnNystroem
from sklearn.utils.validation import check_is_fitted

from .._frame import Frame
from .._numbers import check_integers, check_range

Array = NDArray[Any]
PAIRED = 1_000  # samples, drawn at random, whose distances give the width of the kernel


class Nystroem(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """scikit-learn's Nystroem features of the kernel exp(-gamma * squared distance).

    k-means on them approximates kernel k-means.

    Parameters
    ----------
    n_components : int
        Random samples by whose kernel the others are described; at most the number of samples.
    gamma : float, optional
        In one over squared units of the samples. By default 1 over the median squared distance of pairs among
        1,000 random samples, so that neither unit nor offset matters.
    random_state : int, optional

    Attributes
    ----------
    gamma_ : float
        In one over squared units of the samples.
    model_ : sklearn.kernel_approximation.Nystroem
        The fitted model, of samples in units of `frame_`.

    References
    ----------
    C. K. I. Williams and M. Seeger, Using the Nystroem method to speed up kernel machines, 2001.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(60, 3))
    >>> found = Nystroem(60, random_state=0).fit(X)
    >>> kernel = np.exp(-found.gamma_ * ((X[0] - X[1]) ** 2).sum())
    >>> features = found.transform(X)
    >>> bool(abs(features[0] @ features[1] - kernel) < 1e-6)
    True
    """

    slow: ClassVar[bool] = True  # a special case: `--all` leaves it to `--slow`

    def __init__(
        self, n_components: int = 100, *, gamma: float | None = None, random_state: int | None = None
    ) -> None:
        self.n_components = n_components
        self.gamma = gamma
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong numbers before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_components=1)
        if self.gamma is not None:
            check_range(self, gamma=(0, np.inf))

    def fit(self, X: Array, y: None = None) -> Self:
        """Choose samples among those of shape (n, d)."""
        self.check_params()
        self.frame_ = Frame.of(X)
        samples, unit = self.frame_.inside(X, np.float64), self.frame_.unit
        gamma = self._gamma(samples) if self.gamma is None else self.gamma * unit * unit
        count = min(self.n_components, len(X))
        self.model_ = SklearnNystroem(gamma=gamma, n_components=count, random_state=self.random_state)
        self.model_.fit(samples)
        self.gamma_ = gamma / unit / unit
        self.n_features_in_ = int(X.shape[1])
        return self

    def _gamma(self, samples: Array) -> float:
        rng = np.random.default_rng(self.random_state)
        chosen = rng.choice(len(samples), min(PAIRED, len(samples)), replace=False)
        squares = pdist(samples[chosen], "sqeuclidean")
        typical = float(np.median(squares)) if len(squares) else 0.0
        return 1 / (typical or float(squares.mean() if len(squares) else 0.0) or 1.0)

    def transform(self, X: Array) -> Array:
        """Return the features of samples of shape (n, d): shape (n, n_components), in their precision."""
        check_is_fitted(self)
        found: Array = self.model_.transform(self.frame_.inside(X, np.float64))
        return found.astype(np.float64 if X.dtype == np.float64 else np.float32)
