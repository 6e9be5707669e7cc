"""Average medoid silhouette: by the distances to medoids (Lenssen and Schubert, 2022)."""

from __future__ import annotations

import numpy as np

from harness import metric

from .._centre_silhouettes import centre_silhouettes, medoids
from .._frame import in_double
from ._checks import check_separable
from ._types import Floats, Labels


@metric(
    direction="higher",
    low=-1,
    high=1,
    needs=("embedding",),
    source="Lenssen and Schubert 2022",
    all_rows=True,
    slow=True,
)
def medoid_silhouette(truth: Labels | None, labels: Labels, embedding: Floats) -> float:
    """Return the mean of (b - a) / max(a, b), with the distances to medoids in place of mean distances.

    a is the Euclidean distance of a sample to the medoid of its cluster, b that to the nearest other medoid.
    If every sample is in the cluster of its nearest medoid, this is the average medoid silhouette,
    1 - a / b. The medoids are found exactly, in time that grows with the squares of the sizes of the
    clusters.

    Parameters
    ----------
    truth : None
        Not used.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : ndarray of shape (n, k), float32 or float64
        The clustered embedding; distances to medoids are computed in double precision, near its origin.

    Returns
    -------
    float
        Higher is better, from -1 to 1. A medoid adds 1, and so does a cluster of one sample; a sample at two
        medoids adds 0, where the package kmedoids has 1.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    References
    ----------
    L. Lenssen and E. Schubert, Clustering by direct optimization of the medoid silhouette, 2022;
    M. J. van der Laan, K. S. Pollard and J. Bryan, A new partitioning around medoids algorithm, 2003.

    Examples
    --------
    >>> codes = np.array([[0], [1], [2], [6], [7], [8]], dtype=np.float32)
    >>> round(medoid_silhouette(None, np.array([0, 0, 0, 1, 1, 1]), codes), 4)
    0.8857
    """
    check_separable("medoid-silhouette", labels)
    X = in_double(embedding)
    clusters = np.unique(labels, return_inverse=True)[1]
    return float(centre_silhouettes(X, clusters, X[medoids(X, clusters)]).mean())
