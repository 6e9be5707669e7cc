"""Random views of images: each moved, turned, zoomed, and in another light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform, gaussian_filter

Array = NDArray[Any]
SHIFT = 3 / 28  # of each edge, at most
ZOOM = (0.9, 1.2)
TURN = 3.0  # degrees at most, either way
GAMMA = 0.3  # logarithm of the exponent of pixels from 0 to 1, at most, either way
LIGHT = (0.8, 1.2)  # that pixels are multiplied by
BLUR = 0.7 / 28  # standard deviation, of an edge, at most


def random_view(images: Array, flip: bool, rng: np.random.Generator) -> Array:
    """Return a view of each image of shape (n, h, w, c), of pixels from 0 to 1.

    What lies outside of an image is its nearest pixel.

    Parameters
    ----------
    images : ndarray
    flip : bool
        Whether every other one is mirrored, left to right.
    rng : numpy.random.Generator

    Examples
    --------
    >>> images = np.random.default_rng(0).random((2, 8, 8, 1), dtype=np.float32)
    >>> view = random_view(images, True, np.random.default_rng(0))
    >>> view.shape, bool(view.min() >= 0 and view.max() <= 1), np.array_equal(view, images)
    ((2, 8, 8, 1), True, False)
    """
    n, *edges, _ = images.shape
    view: Array = np.empty_like(images)
    mirrored: Array = np.logical_and(rng.random(n) < 0.5, flip)
    maps = _maps(n, rng)
    centre = (np.array(edges) - 1) / 2
    offsets = centre - np.einsum("nij,j->ni", maps, centre) + rng.uniform(-SHIFT, SHIFT, (n, 2)) * edges
    blurs = rng.uniform(0, BLUR, n) * min(edges)
    for each in range(n):
        image = images[each, :, ::-1] if mirrored[each] else images[each]
        for channel in range(images.shape[3]):
            moved = affine_transform(image[:, :, channel], maps[each], offsets[each], order=1, mode="nearest")
            view[each, :, :, channel] = gaussian_filter(moved, blurs[each], mode="nearest", truncate=2)
    exponents = np.exp(rng.uniform(-GAMMA, GAMMA, n)).astype(images.dtype)
    light = np.asarray(rng.uniform(*LIGHT, size=n), dtype=images.dtype)
    view = np.clip(view, 0, 1) ** exponents[:, None, None, None]
    view *= light[:, None, None, None]
    return np.minimum(view, 1, out=view)


def _maps(n: int, rng: np.random.Generator) -> Array:
    """Return the matrices of turns and zooms, (n, 2, 2), from the pixels of a view to those of its image."""
    angles = np.deg2rad(rng.uniform(-TURN, TURN, n))
    zooms = np.exp(rng.uniform(np.log(ZOOM[0]), np.log(ZOOM[1]), n))
    cosines, sines = np.cos(angles) / zooms, np.sin(angles) / zooms
    return np.stack([np.stack([cosines, -sines], axis=-1), np.stack([sines, cosines], axis=-1)], axis=-2)
