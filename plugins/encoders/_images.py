"""Samples that are images."""

from __future__ import annotations

import math
from typing import Any

from numpy.typing import NDArray

from harness import BadParameter, NotApplicable


def image_shape_of(encoder: Any, X: NDArray[Any], least: int = 1) -> tuple[int, int, int]:
    """Return height, width and channels of samples of shape (n, h * w * c).

    Parameters
    ----------
    encoder : object
        Has `image_shape`, as set by the harness or the user, or None.
    X : ndarray
    least : int
        Smallest edge, in pixels; named `patch_size` in the message.

    Raises
    ------
    NotApplicable
        If the samples are no images, or too small.
    BadParameter
        If the shape is not that of the samples.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> import numpy as np
    >>> image_shape_of(SimpleNamespace(image_shape=(4, 4, 1)), np.zeros((2, 16)), least=6)
    Traceback (most recent call last):
    harness.core.errors.NotApplicable: images of 4 x 4 pixels are smaller than patch_size=6: lower it
    """
    if encoder.image_shape is None:
        raise NotApplicable("needs images")
    try:
        h, w, c = (int(each) for each in encoder.image_shape)
    except (TypeError, ValueError):
        raise BadParameter(
            f"image_shape must be (height, width, channels), got {encoder.image_shape!r}."
        ) from None
    if min(h, w, c) < 1 or math.prod((h, w, c)) != X.shape[1]:
        raise BadParameter(
            f"image_shape must be that of samples of {X.shape[1]} features, got {encoder.image_shape!r}."
        )
    if min(h, w) < least:
        raise NotApplicable(f"images of {h} x {w} pixels are smaller than patch_size={least}: lower it")
    return h, w, c
