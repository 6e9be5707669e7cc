"""Round Gaussian clusters with equal spread, in two dimensions."""

from __future__ import annotations

from harness import Dataset, DatasetInfo, dataset

from ._blobs import blob_params, draw_blobs
from ._generated import LICENCE, generated


@dataset(DatasetInfo(n_samples=500, n_features=2, n_classes=3, licence=LICENCE))
def blobs(n_samples: int = 500, centers: int = 3, cluster_std: float = 1.0, seed: int = 0) -> Dataset:
    """Return points around centres drawn from the square [-10, 10] x [-10, 10].

    Parameters
    ----------
    n_samples : int
        Number of points, shared equally among the clusters.
    centers : int
        Number of clusters.
    cluster_std : float
        Standard deviation of each cluster, in each direction.
    seed : int
        Seed of centres and points.

    Raises
    ------
    BadParameter
        If a parameter is out of range, or there are fewer samples than clusters.

    Examples
    --------
    >>> blobs().samples.shape, blobs(centers=5).name
    ((500, 2), 'blobs(centers=5)')
    """
    params = blob_params(n_samples, centers, cluster_std, seed)
    return generated(blobs, params, lambda: draw_blobs(**params))
