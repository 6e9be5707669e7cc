"""The variance added to each feature of a mixture's components, so that none collapses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._frame import Frame

WIDTH = 1e-6  # of the squared width of the widest feature; pixels from 0 to 1 have width 1
MEAN = 2e-5  # of the mean variance of the features
SMALL = 1e-3  # of the largest width: a narrower feature is in a smaller unit, and must not be swamped
OWN = 1e-2  # of the variance of such a feature
ARRAYS: dict[str, Any] = {"reg_covar": ["array-like", float]}  # scikit-learn alone accepts only a number


def regularisation(reg_covar: float | None, frame: Frame, dtype: Any) -> Any:
    """Return what is added to the variances in a frame: one number per feature, or the one the user gave.

    By default it is 1e-6 of the squared width of the widest feature, at most 2e-5 of the mean variance; for
    features less than a thousandth as wide as the widest, at most 1e-2 of their own variance.

    Examples
    --------
    >>> X = np.array([[-1e-4, 0, 3], [1e-4, 20, 3]])
    >>> regularisation(None, Frame.of(X), X.dtype).round(12).tolist()
    [1e-10, 0.0004, 0.0004]
    >>> regularisation(0.5, Frame.of(X), X.dtype)
    0.5
    """
    if reg_covar is not None:
        return reg_covar / frame.unit / frame.unit
    widest = float(frame.widths.max())
    usual = min(WIDTH * widest**2, MEAN * float(frame.variances.mean())) or WIDTH
    small = (frame.variances > 0) & (frame.widths < SMALL * widest)
    found: NDArray[Any] = np.where(small, np.minimum(OWN * frame.variances, usual), usual).astype(dtype)
    return found
