"""Discriminant in which each image is a class, and random views of it are the members of that."""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from harness import BadParameter, NotApplicable, report_progress

from .._numbers import check_choice, check_integers, check_range
from ._images import image_shape_of
from ._views import random_view
from .patches import Patches
from .pca import PCA

Array = NDArray[Any]
FEATURES = ("patches", "pixels")
AUTO_COMPONENTS = 60
WIDEST = 200  # components of the pixels


class ViewLDA(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """The directions in which images differ most, relative to how much views of one image differ.

    Fisher's discriminant without labels: the scatter between images against the scatter within the views of
    one image, both of their features. Views are mirrored, shifted, zoomed, turned, lighter or darker, and
    blurred. They are made of the pixels, so this encoder computes its features itself.

    Parameters
    ----------
    n_components : int or "auto"
        Directions; "auto" is 60, or the number of features or of fitted images less one where that is lower.
    features : {"patches", "pixels"}
        What is compared: the encoder `patches` with its defaults, fitted once on the images themselves, or
        the 200 principal components of the pixels.
    n_images : int
        Images of which views are made, at random; at most those there are.
    n_views : int
        Views of each.
    shrinkage : float
        From 0 to 1: share of the scatter within images that is replaced by its mean on the diagonal.
    flip : bool
        Whether half of the views are mirrored. False where a mirror image is another thing, as of text.
    image_shape : tuple of int, optional
        Height, width and channels; set by the harness.
    random_state : int, optional

    Attributes
    ----------
    ratios_ : ndarray of shape (n_components,)
        Scatter between images over scatter within images, in each direction, largest first.
    directions_ : ndarray of shape (n_features, n_components)
        Scaled so that views of one image have variance 1 in each; their largest entries are positive.
    features_ : Patches or PCA

    References
    ----------
    R. A. Fisher, The use of multiple measurements in taxonomic problems, 1936. Each image as a class of its
    own: A. Dosovitskiy et al., Discriminative unsupervised feature learning with exemplar convolutional
    neural networks, 2014.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> encoder = ViewLDA(4, features="pixels", flip=False, image_shape=(8, 8, 1), random_state=0)
    >>> encoder.fit_transform(load_digits().data[:200]).shape, bool((encoder.ratios_ > 1).all())
    ((200, 4), True)
    """

    slow: ClassVar[bool] = True

    def __init__(
        self,
        n_components: int | Literal["auto"] = "auto",
        *,
        features: str = "patches",
        n_images: int = 6_000,
        n_views: int = 3,
        shrinkage: float = 0.1,
        flip: bool = True,
        image_shape: tuple[int, int, int] | None = None,
        random_state: int | None = None,
    ) -> None:
        self.n_components = n_components
        self.features = features
        self.n_images = n_images
        self.n_views = n_views
        self.shrinkage = shrinkage
        self.flip = flip
        self.image_shape = image_shape
        self.random_state = random_state

    @property
    def augmentation(self) -> str:
        """The prior knowledge: what does not change an image's class."""
        return ("mirror images, " if self.flip else "") + "shifts, zoom, rotation, light, blur"

    def check_params(self) -> None:
        """Refuse wrong parameters before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_images=2, n_views=2)
        if self.n_components != "auto":
            check_integers(self, n_components=1)
        check_choice(self, features=FEATURES)
        check_range(self, shrinkage=(0, 1))

    def fit(self, X: Array, y: None = None) -> Self:
        """Learn from images of shape (n, h * w * c).

        Raises
        ------
        BadParameter
            If a parameter is out of range.
        NotApplicable
            If samples are no images, or too few.
        """
        self.check_params()
        shape = image_shape_of(self, X)
        if len(X) < 2:
            raise NotApplicable(f"view-lda needs at least 2 images, got {len(X)}")
        rng = np.random.default_rng(self.random_state)
        if self.features == "patches":
            self.features_: Any = Patches(image_shape=shape, random_state=int(rng.integers(2**31))).fit(X)
        else:
            self.features_ = PCA(min(WIDEST, *X.shape)).fit(X)
        chosen = np.sort(rng.choice(len(X), min(self.n_images, len(X)), replace=False))
        within, between = self._scatters(X[chosen], shape, float(X.min()), float(X.max()), rng)
        count = self._count(len(within), len(chosen))
        mean_variance = np.trace(within) / len(within) or 1.0
        within = (1 - self.shrinkage) * within + self.shrinkage * mean_variance * np.eye(len(within))
        values, vectors = eigh(between, within, subset_by_index=[len(within) - count, len(within) - 1])
        signs = np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(count)])
        self.ratios_, self.directions_ = values[::-1], (vectors * signs)[:, ::-1]
        self.n_features_in_ = int(X.shape[1])
        return self

    def _count(self, n_features: int, n_images: int) -> int:
        most = min(n_features, n_images - 1)
        if self.n_components == "auto":
            return min(AUTO_COMPONENTS, most)
        if int(self.n_components) > most:
            raise BadParameter(
                f"n_components must be at most {most} ({n_features} features, {n_images} images), "
                f"got {self.n_components}. Lower n_components."
            )
        return int(self.n_components)

    def _scatters(
        self, X: Array, shape: tuple[int, int, int], low: float, high: float, rng: np.random.Generator
    ) -> tuple[Array, Array]:
        """Return the covariance of views around the mean of their image, and that of the images' means."""
        width = (high - low) or 1.0
        images = ((X - low) / width).astype(np.float32).reshape(-1, *shape)
        views = []
        for done in range(self.n_views):
            report_progress(done, self.n_views, "views")
            view = random_view(images, self.flip, rng).reshape(X.shape)
            views.append(self.features_.transform((low + width * view).astype(X.dtype)).astype(np.float64))
        means = np.mean(views, axis=0)
        self.mean_ = means.mean(axis=0)
        apart = np.concatenate([view - means for view in views])
        within = apart.T @ apart / (len(X) * (self.n_views - 1))
        return within, np.cov(means, rowvar=False).reshape(within.shape)

    def transform(self, X: Array) -> Array:
        """Return images of shape (n, h * w * c) in the directions: shape (n, n_components)."""
        check_is_fitted(self)
        features = self.features_.transform(X)
        return ((features - self.mean_) @ self.directions_).astype(features.dtype)  # type: ignore[no-any-return]
