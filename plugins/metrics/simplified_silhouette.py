"""Mean silhouette by the distances to centroids (Hruschka et al., 2004)."""

from __future__ import annotations

import numpy as np

from harness import metric

from .._centre_silhouettes import centre_silhouettes, centroids
from .._frame import in_double
from ._checks import check_separable
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=-1,
    high=1,
    needs=("embedding",),
    source="Hruschka et al. 2004",
    all_rows=True,
    slow=True,
)
def simplified_silhouette(truth: Labels | None, labels: Labels, embedding: Floats) -> float:
    """Return the mean of (b - a) / max(a, b), with the distances to centroids in place of mean distances.

    a is the Euclidean distance of a sample to the centroid of its cluster, b that to the nearest other
    centroid. Time grows with n K d, not with the square of n. The values are usually higher than those of
    `silhouette`: compare them only with each other.

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
        Higher is better, from -1 to 1; a cluster of one sample adds 0, as does a sample at both centroids.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    References
    ----------
    E. R. Hruschka, L. N. de Castro and R. J. G. B. Campello, Evolutionary algorithms for clustering
    gene-expression data, 2004; L. Vendramin, R. J. G. B. Campello and E. R. Hruschka, Relative clustering
    validity criteria: a comparative overview, 2010.

    Examples
    --------
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> round(simplified_silhouette(None, np.array([0, 0, 1, 1]), codes), 4)
    0.873
    """
    check_separable("simplified-silhouette", labels)
    X = in_double(embedding)
    _, clusters, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    values = centre_silhouettes(X, clusters, centroids(X, clusters))
    values[sizes[clusters] == 1] = 0.0
    return float(values.mean())
