"""The scaling step `standardize` on samples larger than memory."""

from __future__ import annotations

from ._scaling_in_batches import ScalingInBatches
from .standardize import Standardize


class StandardizeInBatches(ScalingInBatches, Standardize):
    """The encoder `standardize` on large data: the same values up to rounding.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[1e9, 1e-6], [1e9 + 1, 2e-6], [1e9 + 2, 3e-6]])
    >>> StandardizeInBatches().fit_transform(X).round(3).tolist()
    [[-1.225, -1.225], [0.0, 0.0], [1.225, 1.225]]
    """
