"""Draw rows of samples as small images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...core.interfaces import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Pixels = NDArray[np.uint8]


def pixels(rows: Floats, shape: tuple[int, int, int], low: float, high: float) -> Pixels:
    """Return rows as images with an opaque fourth channel.

    Parameters
    ----------
    rows : ndarray of shape (m, h * w * c)
    shape : tuple (height, width, channels)
        Of 1 channel, gray; of 3, red, green and blue; of 4, opacity too.
    low, high : float
        Values of black and white; values beyond are clipped.

    Returns
    -------
    ndarray of shape (m, h, w, 4), uint8

    Examples
    --------
    >>> pixels(np.array([[0.0, 2.0]]), (1, 2, 1), 0.0, 1.0).tolist()
    [[[[0, 0, 0, 255], [255, 255, 255, 255]]]]
    """
    images = np.asarray(rows).reshape(-1, *shape)
    scaled = np.clip((images - low) / ((high - low) or 1.0), 0, 1)
    whole = np.rint(np.nan_to_num(scaled) * 255).astype(np.uint8)
    if shape[2] == 1:
        whole = np.repeat(whole, 3, axis=3)
    if shape[2] < 4:
        whole = np.concatenate([whole, np.full((*whole.shape[:3], 1), 255, dtype=np.uint8)], axis=3)
    return np.ascontiguousarray(whole)


def image_at(axes: Axes, image: Pixels, left: float, top: float, ratio: float) -> None:
    """Draw an image of width 1 and height `ratio`, one square per pixel."""
    axes.imshow(image, extent=(left, left + 1, top + ratio, top), interpolation="none", aspect="auto")


def scale_of(samples: Floats) -> tuple[float, float]:
    """Return the values of black and white: 0 and 1 if all values lie between, else the extremes.

    Examples
    --------
    >>> [scale_of(np.array([ends])) for ends in ([0.0, 0.9], [-1.0, 16.0], [1000.0, 1016.0])]
    [(0.0, 1.0), (-1.0, 16.0), (1000.0, 1016.0)]
    """
    low, high = (float(samples.min()), float(samples.max())) if samples.size else (0.0, 1.0)
    return (0.0, 1.0) if low >= 0.0 and high <= 1.0 else (low, high)
