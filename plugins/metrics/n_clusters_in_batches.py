"""The metric `n-clusters` of more labels than fit in memory."""

from __future__ import annotations

import numpy as np

from harness import distinct, metric

from ._types import Floats, Labels


@metric(direction=None, low=0, high=float("inf"), needs=(), source="number of distinct labels except -1")
def n_clusters_in_batches(truth: Labels | None, labels: Labels, embedding: Floats | None) -> float:
    """Return what `n_clusters` returns.

    Examples
    --------
    >>> n_clusters_in_batches(None, np.array([0, 7, 7, -1]), None)
    2.0
    """
    return float(np.count_nonzero(distinct(labels) >= 0))
