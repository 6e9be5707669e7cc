"""The frame of samples larger than memory, from one pass over them, or two in double precision."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness import batches

from ._frame import FAR, WIDE, Frame, power_of_two

Array = NDArray[Any]


def frame_in_batches(X: Any) -> Frame:
    """Return the frame of samples of shape (n, d), as `Frame.of` does, up to rounding.

    Examples
    --------
    >>> frame_in_batches(np.eye(3)).plain, frame_in_batches(np.array([[5e6], [5e6 + 2e-6]])).unit == 2.0**-20
    (True, True)
    """
    scale = 1.0 if X.dtype == np.float32 else _width(X)  # so that squares in double precision are finite
    guess = np.asarray(X[:1000]).astype(np.float64).mean(axis=0)  # so that an offset costs no digits
    low, high = np.full(X.shape[1], np.inf), np.full(X.shape[1], -np.inf)
    total, squares = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    for _, block in batches(X):
        np.minimum(low, block.min(axis=0), out=low)
        np.maximum(high, block.max(axis=0), out=high)
        steps = (block - guess) / scale
        total += steps.sum(axis=0)
        squares += np.einsum("ij,ij->j", steps, steps)
    shift = total / len(X)
    variances = np.where(low < high, np.maximum(squares / len(X) - shift**2, 0), 0)
    means = np.clip(guess + shift * scale, low, high)
    far = np.abs(means / scale) > FAR * np.sqrt(variances)
    spread = float(np.sqrt(variances.mean())) * scale
    unit = 1.0 if 1 / WIDE <= spread <= WIDE else power_of_two(spread)
    if X.dtype == np.float32:  # as in `Frame.of`: subtracting it then causes no rounding
        means = means.astype(np.float32)
    origin, ratio = np.where(far, means, 0.0).astype(np.float64), scale / unit
    return Frame(origin, unit, variances * ratio**2, (high / scale - low / scale) * ratio)


def _width(X: Any) -> float:
    """Return a power of 2 near the largest range of a feature, a quarter of it."""
    ends = [(block.min(axis=0), block.max(axis=0)) for _, block in batches(X)]
    low, high = np.min([each[0] for each in ends], axis=0), np.max([each[1] for each in ends], axis=0)
    return power_of_two(float((high / 4 - low / 4).max()))
