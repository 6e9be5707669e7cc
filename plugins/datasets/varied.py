"""Round Gaussian clusters with different spreads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from harness import BadParameter, Dataset, DatasetInfo, dataset

from ._blobs import draw_blobs
from ._generated import LICENCE, checked_seed, generated, spread, whole

STDS = (1.0, 2.5, 0.5)  # as in scikit-learn's comparison of clustering algorithms


@dataset(DatasetInfo(n_samples=500, n_features=2, n_classes=3, licence=LICENCE))
def varied(n_samples: int = 500, cluster_std: Sequence[float] = STDS, seed: int = 0) -> Dataset:
    """Return points around centres drawn from the square [-10, 10] x [-10, 10].

    Parameters
    ----------
    n_samples : int
        Number of points, shared equally among the clusters.
    cluster_std : list of float
        Standard deviation of each cluster; its length is the number of clusters.
    seed : int
        Seed of centres and points.

    Raises
    ------
    BadParameter
        If a parameter is out of range, or there are fewer samples than clusters.

    Examples
    --------
    >>> varied().samples.shape, varied(cluster_std=[1, 2]).name
    ((500, 2), 'varied(cluster_std=(1.0, 2.0))')
    """
    if not isinstance(cluster_std, list | tuple) or not cluster_std:
        raise BadParameter(
            f"cluster_std must be a list with a number for each cluster, got {cluster_std!r}. "
            "Write cluster_std=[1.0, 2.5, 0.5]."
        )
    stds = tuple(spread("cluster_std", each) for each in cluster_std)
    k = len(stds)
    params: dict[str, Any] = {
        "n_samples": whole("n_samples", n_samples, max(2, k)),
        "cluster_std": stds,
        "seed": checked_seed(seed),
    }
    return generated(varied, params, lambda: draw_blobs(centers=k, **params))
