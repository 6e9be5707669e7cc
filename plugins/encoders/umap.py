"""Uniform manifold approximation and projection (McInnes, Healy and Melville, 2018)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from harness import NotApplicable, report_progress

from .._frame import Frame
from .._numbers import check_integers, check_range

Array = NDArray[Any]
FEWEST = 4  # samples: with fewer there is no graph of neighbours to speak of
OF_DIFFERENCES = ("euclidean", "l2", "l1", "manhattan", "taxicab", "chebyshev", "linfinity")


class UMAP(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """umap-learn's UMAP, by default as its authors advise for clustering: many dimensions, no distance kept.

    One thread, as several would give another embedding each time. New rows are placed among the fitted ones.

    Parameters
    ----------
    n_components : int
        Dimensions of the embedding.
    n_neighbors : int
        Neighbours of each sample in the graph; one less than the number of samples if there are too few.
    min_dist : float
        Least distance of samples in the embedding, from 0 to 1: 0 packs clusters densely.
    metric : str
        Distance between samples, one of umap-learn's. Other than the distances of differences, such as
        "euclidean" and "manhattan", metrics depend on the origin, and get that of the file.
    n_epochs : int, optional
        Rounds of optimisation (default: 500 up to 10,000 samples, else 200).
    random_state : int, optional

    Attributes
    ----------
    embedding_ : ndarray of shape (n, n_components), float32
        The fitted samples.
    model_ : umap.UMAP
        The fitted model, in units of `frame_`.

    References
    ----------
    L. McInnes, J. Healy and J. Melville, UMAP: uniform manifold approximation and projection for dimension
    reduction, arXiv 1802.03426, 2018.

    Examples
    --------
    >>> UMAP(min_dist=2).check_params()
    Traceback (most recent call last):
    harness.core.errors.BadParameter: min_dist must be a number from 0 to 1, got 2.
    """

    slow: ClassVar[bool] = True

    def __init__(
        self,
        n_components: int = 10,
        n_neighbors: int = 20,
        min_dist: float = 0.0,
        *,
        metric: str = "euclidean",
        n_epochs: int | None = None,
        random_state: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.min_dist = min_dist
        self.metric = metric
        self.n_epochs = n_epochs
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong numbers before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_components=1, n_neighbors=2)
        if self.n_epochs is not None:
            check_integers(self, n_epochs=1)
        check_range(self, min_dist=(0, 1))

    def fit(self, X: Array, y: None = None) -> Self:
        """Embed samples of shape (n, d).

        Raises
        ------
        BadParameter
            If a parameter is out of range.
        NotApplicable
            If there are fewer than 4 samples.
        """
        self.check_params()
        if len(X) < FEWEST:
            raise NotApplicable(f"UMAP needs at least {FEWEST} samples, got {len(X)}")
        self.frame_ = Frame.of(X) if self.metric in OF_DIFFERENCES else Frame.of_file(X)
        params = self.get_params(deep=False)
        params["n_neighbors"] = min(self.n_neighbors, len(X) - 1)
        # Its spectral start takes one eigenvector more than there are dimensions.
        start = "spectral" if len(X) > self.n_components + 2 else "random"
        from ._umap_import import umap

        report_progress(0, 0, "UMAP")
        self.model_ = umap.UMAP(**params, init=start, n_jobs=1).fit(self._rows(X))
        self.embedding_: Array = self.model_.embedding_
        self.n_features_in_ = int(np.shape(X)[1])
        return self

    def fit_transform(self, X: Array, y: None = None) -> Array:
        """Return the embedding of the samples that it is fitted on: shape (n, n_components)."""
        return self.fit(X).embedding_

    def transform(self, X: Array) -> Array:
        """Place samples of shape (n, d) among the fitted ones: shape (n, n_components)."""
        check_is_fitted(self)
        placed: Array = self.model_.transform(self._rows(X))
        return placed

    def _rows(self, X: Array) -> Array:
        """Return samples as umap-learn takes them: single precision, a copy of its own."""
        return np.array(self.frame_.inside(X), dtype=np.float32, order="C")
