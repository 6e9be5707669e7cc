"""Library clusterers, fitted in the frame of the samples and reported in their units."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from .._frame import Frame

Array = NDArray[Any]


class Framed(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Fit a library's estimator near the origin, so that neither offset nor unit of the samples matters.

    A subclass names the `estimator`. `fixed` are its parameters that users do not set, and `lengths`
    those in units of the samples, with their power: 2 for a squared distance.

    Attributes
    ----------
    model_ : object
        The fitted estimator, in units of `frame_`.
    labels_ : ndarray of shape (n,)
    """

    estimator: ClassVar[Any]
    fixed: ClassVar[Mapping[str, Any]] = {}
    lengths: ClassVar[Mapping[str, int]] = {}

    def fit(self, X: Array, y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        self.frame_ = self.frame(X)
        self.model_ = self.build(self.frame_).fit(self.frame_.inside(X))
        self.labels_ = self.model_.labels_
        self.n_features_in_ = int(np.shape(X)[1])
        for name in ("n_iter_", "n_clusters_"):
            if hasattr(self.model_, name):
                setattr(self, name, getattr(self.model_, name))
        if hasattr(self.model_, "inertia_"):
            self.inertia_ = self.frame_.area(self.model_.inertia_)
        if hasattr(self.model_, "cluster_centers_"):
            self.cluster_centers_ = self.frame_.outside(self.model_.cluster_centers_)
        return self

    def frame(self, X: Array) -> Frame:
        """Return the frame of the samples."""
        return Frame.of(X)

    def build(self, frame: Frame) -> Any:
        """Return the estimator, with lengths in units of the frame."""
        given = {**self.get_params(deep=False), **self.fixed}
        params = {name: given[name] for name in self.estimator._get_param_names() if name in given}
        for name, power in self.lengths.items():
            for _ in range(power if params[name] is not None else 0):
                params[name] = params[name] / frame.unit
        return self.estimator(**params)


class FramedPredictor(Framed):
    """A clusterer that also labels unseen samples."""

    def predict(self, X: Array) -> NDArray[np.int64]:
        """Label samples of shape (n, d)."""
        return np.asarray(self.model_.predict(self.frame_.inside(X)), dtype=np.int64)
