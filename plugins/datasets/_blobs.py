"""Parameters and drawing of the Gaussian datasets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._generated import checked_seed, spread, whole


def blob_params(n_samples: Any, centers: Any, cluster_std: Any, seed: Any) -> dict[str, Any]:
    """Check the parameters of clusters with equal spread, and return them.

    Raises
    ------
    BadParameter
        If a parameter is out of range, or there are fewer samples than clusters.
    """
    k = whole("centers", centers, 1)
    return {
        "n_samples": whole("n_samples", n_samples, max(2, k)),
        "centers": k,
        "cluster_std": spread("cluster_std", cluster_std),
        "seed": checked_seed(seed),
    }


def draw_blobs(
    *, n_samples: int, centers: int, cluster_std: float | Sequence[float], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Draw points around centres from the square [-10, 10] x [-10, 10], and the cluster of each."""
    from sklearn.datasets import make_blobs

    points, truth = make_blobs(n_samples, centers=centers, cluster_std=cluster_std, random_state=seed)
    return points, truth
