"""Activations of a dictionary of image patches (Coates, Lee and Ng, 2011)."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from harness import report_progress

from .._numbers import check_integers
from ._images import image_shape_of
from ._patch_dictionary import PatchDictionary
from .pca import PCA

Array = NDArray[Any]
AUTO_COMPONENTS = 200
FITTED = 10_000  # images, drawn at random, whose features the principal components are those of
OFTEN = 1_000  # images between two reports


class Patches(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Principal components of how strongly an image's parts activate the centroids of patches.

    Random patches, each of mean 0 and variance 1, are whitened and clustered by k-means. A patch activates
    each centroid that is nearer than the mean distance to all of them, by the difference. Activations at all
    positions are averaged over the parts of a grid, and reduced to principal components.

    Parameters
    ----------
    n_components : int, float or "auto"
        As of `pca`; "auto" is 200, or the number of fitted images or features where that is lower.
    patch_size : int
        Edge of a patch, in pixels.
    n_centroids : int
        Centroids; at most as many as there are different patches.
    n_patches : int
        Random patches that these are learnt from.
    grid : int
        Parts of each edge of an image; at most as many as there are positions of a patch.
    image_shape : tuple of int, optional
        Height, width and channels; set by the harness.
    random_state : int, optional

    Attributes
    ----------
    dictionary_ : PatchDictionary
    pca_ : PCA
        Fitted on the features of at most 10,000 random images.
    n_components_ : int

    Notes
    -----
    As the authors' code does: 10 is added to the variance of patches of pixels from 0 to 255, and .1 to the
    eigenvalues for whitening (ZCA); k-means takes at most 50 rounds. They sum over a grid of 2 x 2, learn
    1,600 centroids from 400,000 patches, and train a classifier on standardised features.

    Pixels are taken relative to the least and the largest fitted pixel, so neither unit nor offset matters.

    References
    ----------
    A. Coates, H. Lee and A. Y. Ng, An analysis of single-layer networks in unsupervised feature learning,
    2011.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> encoder = Patches(5, patch_size=3, n_centroids=8, image_shape=(8, 8, 1), random_state=0)
    >>> encoder.fit_transform(load_digits().data[:100]).shape, encoder.dictionary_.centroids.shape
    ((100, 5), (8, 9))
    """

    slow: ClassVar[bool] = True

    def __init__(
        self,
        n_components: int | float | Literal["auto"] = "auto",
        *,
        patch_size: int = 6,
        n_centroids: int = 160,
        n_patches: int = 60_000,
        grid: int = 4,
        image_shape: tuple[int, int, int] | None = None,
        random_state: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.patch_size = patch_size
        self.n_centroids = n_centroids
        self.n_patches = n_patches
        self.grid = grid
        self.image_shape = image_shape
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong numbers before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, patch_size=2, n_centroids=2, n_patches=1, grid=1)

    def fit(self, X: Array, y: None = None) -> Self:
        """Learn from images of shape (n, h * w * c).

        Raises
        ------
        BadParameter
            If a parameter is out of range.
        NotApplicable
            If samples are no images, or smaller than a patch.
        """
        self.check_params()
        rng = np.random.default_rng(self.random_state)
        self.dictionary_ = PatchDictionary.learn(
            X,
            image_shape_of(self, X, self.patch_size),
            size=self.patch_size,
            grid=self.grid,
            n_patches=self.n_patches,
            n_centroids=self.n_centroids,
            rng=rng,
        )
        some = X if len(X) <= FITTED else X[np.sort(rng.choice(len(X), FITTED, replace=False))]
        features = np.empty((len(some), self.dictionary_.width_of_features), np.float32)
        for rows, found in self.dictionary_.features(some):
            features[rows] = found
        most = min(AUTO_COMPONENTS, *features.shape)
        self.pca_ = PCA(most if self.n_components == "auto" else self.n_components).fit(features)
        self.n_components_ = self.pca_.n_components_
        self.n_features_in_ = int(X.shape[1])
        return self

    def transform(self, X: Array) -> Array:
        """Return the components of images of shape (n, h * w * c): shape (n, n_components_), float32."""
        check_is_fitted(self)
        found = np.empty((len(X), self.n_components_), np.float32)
        for rows, features in self.dictionary_.features(X):
            found[rows] = self.pca_.transform(features)
            if rows.start % OFTEN < rows.stop - rows.start:
                report_progress(rows.stop, len(X), "images")
        return found
