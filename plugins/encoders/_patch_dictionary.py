"""A dictionary of image patches, and what images hold of its entries (Coates, Lee and Ng, 2011)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from sklearn.cluster import KMeans

Array = NDArray[Any]
FLAT = 10 / 255**2  # added to a patch's variance, of pixels from 0 to 1: the authors' 10 of those to 255
WHITENING = 0.1  # added to the eigenvalues of the covariance of patches, as by the authors
ROUNDS = 50  # of k-means at most, as by the authors
BLOCK = 2**21  # bytes of activations that are held at a time: they stay in the cache of a core


@dataclass(frozen=True)
class PatchDictionary:
    """Centroids of whitened patches, and how to get from pixels to patches like these.

    Parameters
    ----------
    image_shape : tuple of int
        Height, width and channels.
    size, grid : int
        Edge of a patch, in pixels; parts of each edge of an image over which activations are averaged.
    low, width : float
        The smallest pixel of the fitted images, and the range of their pixels.
    mean : ndarray of shape (q,), float32
    whitening : ndarray of shape (q, q), float32
    centroids : ndarray of shape (k, q), float32
    """

    image_shape: tuple[int, int, int]
    size: int
    grid: int
    low: float
    width: float
    mean: Array
    whitening: Array
    centroids: Array

    @classmethod
    def learn(
        cls,
        X: Array,
        image_shape: tuple[int, int, int],
        *,
        size: int,
        grid: int,
        n_patches: int,
        n_centroids: int,
        rng: np.random.Generator,
    ) -> PatchDictionary:
        """Learn from random patches of images of shape (n, h * w * c)."""
        low, high = float(X.min()), float(X.max())
        some = _some_patches(X, image_shape, size, n_patches, rng)
        patches = _normalised((some.astype(np.float64) - low) / ((high - low) or 1.0))
        mean = patches.mean(axis=0)
        centred = patches - mean
        values, vectors = np.linalg.eigh(centred.T @ centred / max(len(patches) - 1, 1))
        whitening = vectors / np.sqrt(np.maximum(values, 0) + WHITENING) @ vectors.T
        white = (centred @ whitening).astype(np.float32)
        k = min(n_centroids, len(np.unique(white, axis=0)))
        kmeans = KMeans(k, n_init=1, max_iter=ROUNDS, random_state=int(rng.integers(2**31)))
        centroids = kmeans.fit(white).cluster_centers_
        h, w, _ = image_shape
        parts = min(grid, h - size + 1, w - size + 1)
        single = (mean.astype(np.float32), whitening.astype(np.float32), centroids)
        return cls(image_shape, size, parts, low, (high - low) or 1.0, *single)

    def features(self, X: Array) -> Iterator[tuple[slice, Array]]:
        """Yield some rows and their mean activations, float32 of shape (rows, grid * grid * k).

        A patch activates a centroid by how much nearer than the mean of all centroids it is: the authors'
        triangle.
        """
        h, w, c = self.image_shape
        positions = (h - self.size + 1) * (w - self.size + 1)
        k = len(self.centroids)
        # Squared distances by one product: of [patch, its squared length, 1] with this.
        onto = np.vstack([-2 * self.centroids.T, np.ones(k), (self.centroids**2).sum(axis=1)])
        onto, pool = onto.astype(np.float32), _pool(h - self.size + 1, w - self.size + 1, self.grid)
        ones = np.full(k, 1 / k, np.float32)
        step = max(1, BLOCK // (4 * positions * k))
        for start in range(0, len(X), step):
            rows = slice(start, min(start + step, len(X)))
            images = ((X[rows] - X.dtype.type(self.low)) / X.dtype.type(self.width)).astype(np.float32)
            windows = sliding_window_view(images.reshape(-1, h, w, c), (self.size, self.size), axis=(1, 2))
            patches = _normalised(windows.reshape(-1, self.size**2 * c))
            patches -= self.mean
            white = np.empty((len(patches), len(onto)), np.float32)
            np.matmul(patches, self.whitening, out=white[:, :-2])
            white[:, -2] = np.einsum("ij,ij->i", white[:, :-2], white[:, :-2])
            white[:, -1] = 1
            distances = white @ onto
            np.sqrt(np.maximum(distances, 0, out=distances), out=distances)
            np.subtract((distances @ ones)[:, None], distances, out=distances)
            np.maximum(distances, 0, out=distances)
            pooled = pool @ distances.reshape(-1, positions, k)
            yield rows, pooled.reshape(len(images), -1)

    @property
    def width_of_features(self) -> int:
        """How many features an image has."""
        return self.grid**2 * len(self.centroids)


def _some_patches(
    X: Array, image_shape: tuple[int, int, int], size: int, n_patches: int, rng: np.random.Generator
) -> Array:
    """Return random patches, shape (n, c * size * size); all of them, if there are no more."""
    images = np.ascontiguousarray(X).reshape(-1, *image_shape)
    windows = sliding_window_view(images, (size, size), axis=(1, 2))
    n, rows, columns = windows.shape[:3]
    chosen = np.arange(n * rows * columns)
    if len(chosen) > n_patches:
        chosen = rng.choice(len(chosen), n_patches, replace=False)
    found: Array = windows[np.unravel_index(chosen, (n, rows, columns))]
    return found.reshape(len(found), -1)


def _normalised(patches: Array) -> Array:
    """Return patches of mean 0 and, but for flat ones, variance 1."""
    q = patches.shape[1]
    centred: Array = patches - (patches @ np.full(q, 1 / q, patches.dtype))[:, None]
    variances = np.einsum("ij,ij->i", centred, centred) / max(q - 1, 1)
    centred /= np.sqrt(variances + patches.dtype.type(FLAT))[:, None]
    return centred


def _pool(rows: int, columns: int, grid: int) -> Array:
    """Return a matrix (grid * grid, rows * columns) that averages positions over the parts of a grid."""

    def parts(n: int) -> Array:
        part = np.arange(n) * grid // n
        shares: Array = (part == np.arange(grid)[:, None]) / np.bincount(part)[:, None]
        return shares

    return np.kron(parts(rows), parts(columns)).astype(np.float32)
