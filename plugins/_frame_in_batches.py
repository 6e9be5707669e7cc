"""The frame of samples larger than memory, from two passes over them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.preprocessing import StandardScaler

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
    ends = [(block.min(axis=0), block.max(axis=0)) for _, block in batches(X)]
    low = np.min([each[0] for each in ends], axis=0).astype(np.float64)
    high = np.max([each[1] for each in ends], axis=0).astype(np.float64)
    scale = power_of_two(float((high / 4 - low / 4).max()))
    guess = np.asarray(X[:1]).astype(np.float64)  # near the samples, so that an offset costs no digits
    scaler = StandardScaler()
    for _, block in batches(X):
        scaler.partial_fit((block - guess) / scale)
    variances = np.where(low < high, scaler.var_, 0)
    means = np.clip(scaler.mean_ * scale + guess[0], low, high)
    far = np.abs(means / scale) > FAR * np.sqrt(variances)
    spread = float(np.sqrt(variances.mean())) * scale
    unit = 1.0 if 1 / WIDE <= spread <= WIDE else power_of_two(spread)
    if X.dtype == np.float32:  # as in `Frame.of`: subtracting it then causes no rounding
        means = means.astype(np.float32)
    origin, ratio = np.where(far, means, 0.0).astype(np.float64), scale / unit
    return Frame(origin, unit, variances * ratio**2, (high / scale - low / scale) * ratio)
