"""Share of samples that are in a cluster and not noise."""

from __future__ import annotations

import numpy as np

from harness import metric

from ._types import Floats, Labels


@metric(direction="higher", low=0, high=1, needs=(), source="share of labels that are not -1")
def coverage(truth: Labels | None, labels: Labels, embedding: Floats | None) -> float:
    """Return the share of samples that are not noise.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; -1 is noise.
    embedding : None
        Not used.

    Returns
    -------
    float
        Higher is better, from 0 to 1.

    References
    ----------
    Number of labels that are not -1, over n.

    Examples
    --------
    >>> coverage(None, np.array([0, 1, 1, -1]), None)
    0.75
    """
    return float(np.mean(labels >= 0))
