"""The variance that is added to each feature of a mixture's components, so that none collapses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._frame import Frame

WIDTH = 1e-6  # of the square of the largest width of a feature: of pixels from 0 to 1 this itself
MEAN = 2e-5  # of the mean variance of the features
SMALL = 1e-3  # of the largest width: a feature that is smaller is in a smaller unit, and must not be drowned
OWN = 1e-2  # of the variance of such a feature
ARRAYS: dict[str, Any] = {"reg_covar": ["array-like", float]}  # beside scikit-learn's single number


def regularisation(reg_covar: float | None, frame: Frame, dtype: Any) -> Any:
    """Return what is added to the variances in a frame: of each feature, or one number that the user wrote.

    By default it is 1e-6 of the squared width of the widest feature, at most 2e-5 of the mean variance; of
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
