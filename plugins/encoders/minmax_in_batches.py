"""The scaling step `minmax` on samples larger than memory."""

from __future__ import annotations

from ._scaling_in_batches import ScalingInBatches
from .minmax import MinMax


class MinMaxInBatches(ScalingInBatches, MinMax):
    """The encoder `minmax` on large data: the same values up to rounding.

    Parameters
    ----------
    feature_range : tuple (low, high)

    Examples
    --------
    >>> import numpy as np
    >>> MinMaxInBatches().fit_transform(np.array([[-1.0, 7.0], [0.0, 8.0], [1.0, 11.0]])).tolist()
    [[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]
    """
