"""The variance that is added to each feature of a mixture's components, so that none collapses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._frame import Frame

SHARE = 1e-5  # of the mean variance of the features
OWN = 1e-2  # of the feature's own variance, so that a feature in small units is not drowned
ARRAYS: dict[str, Any] = {"reg_covar": ["array-like", float]}  # beside scikit-learn's single number


def regularisation(reg_covar: float | None, frame: Frame, dtype: Any) -> Any:
    """Return what is added to the variances in a frame: of each feature, or one number that the user wrote.

    Examples
    --------
    >>> X = np.array([[-1e-4, 0, 3], [1e-4, 20, 3]])
    >>> regularisation(None, Frame.of(X), X.dtype).round(12).tolist()
    [1e-10, 0.000333333333, 0.000333333333]
    >>> regularisation(0.5, Frame.of(X), X.dtype)
    0.5
    """
    if reg_covar is not None:
        return reg_covar / frame.unit / frame.unit
    usual, own = SHARE * (float(frame.variances.mean()) or 1.0), OWN * frame.variances
    found: NDArray[Any] = np.where(own > 0, np.minimum(own, usual), usual).astype(dtype)
    return found
