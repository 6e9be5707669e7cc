"""Gaussian clusters stretched along one direction: blobs times a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from harness import Dataset, DatasetInfo, dataset

from ._blobs import blob_params, draw_blobs
from ._generated import LICENCE, generated

STRETCH = np.array([[0.6, -0.6], [-0.4, 0.8]])  # as in scikit-learn's comparison of clustering algorithms


@dataset(DatasetInfo(n_samples=500, n_features=2, n_classes=3, licence=LICENCE))
def anisotropic(n_samples: int = 500, centers: int = 3, cluster_std: float = 1.0, seed: int = 0) -> Dataset:
    """Return the points of `blobs` with the same parameters, times [[0.6, -0.6], [-0.4, 0.8]].

    Parameters
    ----------
    n_samples : int
        Number of points, shared equally among the clusters.
    centers : int
        Number of clusters.
    cluster_std : float
        Standard deviation of each cluster, in each direction, before it is stretched.
    seed : int
        Seed of centres and points.

    Raises
    ------
    BadParameter
        If a parameter is out of range, or there are fewer samples than clusters.

    Examples
    --------
    >>> anisotropic().samples.shape, anisotropic(cluster_std=0.5).name
    ((500, 2), 'anisotropic(cluster_std=0.5)')
    """
    params = blob_params(n_samples, centers, cluster_std, seed)

    def draw() -> tuple[NDArray[Any], NDArray[Any]]:
        points, truth = draw_blobs(**params)
        return points @ STRETCH, truth

    return generated(anisotropic, params, draw)
