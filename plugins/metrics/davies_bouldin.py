"""Mean similarity of each cluster to its most similar one (Davies and Bouldin, 1979)."""

from __future__ import annotations

from sklearn.metrics import davies_bouldin_score

from harness import metric

from .._frame import Frame
from ._checks import check_separable
from ._types import Floats, Labels


@metric(
    direction="lower",
    low=0,
    high=float("inf"),
    needs=("embedding",),
    source="Davies and Bouldin 1979",
    all_rows=True,
)
def davies_bouldin(truth: Labels | None, labels: Labels, embedding: Floats) -> float:
    """Return the mean, over clusters, of the worst ratio of widths to distance between centroids.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : ndarray of shape (n, k), float32 or float64
        The clustered embedding; the score is computed in double precision, near its origin.

    Returns
    -------
    float
        Lower is better, from 0 up; 0 if all widths or all distances are 0, as in scikit-learn.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    References
    ----------
    D. L. Davies and D. W. Bouldin, A cluster separation measure, 1979.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> round(davies_bouldin(None, np.array([0, 0, 1, 1]), codes), 4)
    0.25
    """
    check_separable("davies-bouldin", labels)
    return float(davies_bouldin_score(Frame.of(embedding).inside(embedding), labels))
