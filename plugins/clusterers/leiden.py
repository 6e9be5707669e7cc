"""Communities in the graph of nearest neighbours (Traag, Waltman and van Eck, 2019)."""

from __future__ import annotations

from typing import Any, Self

import leidenalg
import numpy as np
from igraph import Graph
from numpy.typing import NDArray
from scipy.sparse import triu
from sklearn.base import BaseEstimator, ClusterMixin

from harness import NotApplicable

from .._neighbours import neighbour_graph
from .._numbers import check_integers, check_range
from ._limit import check_size


class Leiden(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """leidenalg's Leiden algorithm on the graph of nearest neighbours: it finds the number of clusters.

    It maximises modularity with a resolution (Reichardt and Bornholdt, 2006): how much more weight lies
    within communities than would if edges were drawn at random.

    Parameters
    ----------
    resolution : float
        The larger, the more clusters; 1 is modularity itself.
    n_neighbors : int
        Neighbours of each sample in the graph.
    n_iterations : int
        Rounds, each from the communities of the one before; -1 goes on until nothing changes.
    max_samples : int
        With more samples it does not apply: exact neighbours compare all pairs.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The community of each sample, from 0, largest first.
    n_clusters_ : int
        Number of communities.
    modularity_ : float
        Modularity of the communities, at resolution 1.

    References
    ----------
    V. A. Traag, L. Waltman and N. J. van Eck, From Louvain to Leiden: guaranteeing well-connected
    communities, 2019.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> Leiden(n_neighbors=2, random_state=0).fit(X).labels_
    array([0, 0, 0, 1, 1, 1])
    """

    def __init__(
        self,
        resolution: float = 1.0,
        *,
        n_neighbors: int = 20,
        n_iterations: int = -1,
        max_samples: int = 100_000,
        random_state: int | None = None,
    ) -> None:
        self.resolution = resolution
        self.n_neighbors = n_neighbors
        self.n_iterations = n_iterations
        self.max_samples = max_samples
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong numbers before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_neighbors=1, n_iterations=-1)
        check_range(self, resolution=(0, np.inf))

    def fit(self, X: NDArray[Any], y: None = None) -> Self:
        """Fit to samples of shape (n, d)."""
        self.check_params()
        check_size("leiden", len(X), self.max_samples)
        if len(X) < 2:
            raise NotApplicable(f"leiden needs at least 2 samples, got {len(X)}")
        edges = triu(neighbour_graph(X, self.n_neighbors)).tocoo()
        graph = Graph(len(X), np.column_stack([edges.row, edges.col]))
        found = leidenalg.find_partition(
            graph,
            leidenalg.RBConfigurationVertexPartition,
            weights=edges.data.tolist(),
            resolution_parameter=float(self.resolution),
            n_iterations=self.n_iterations,
            seed=self.random_state,
        )
        self.labels_ = np.asarray(found.membership, dtype=np.int64)
        self.n_clusters_ = len(found)
        self.modularity_ = float(graph.modularity(found.membership, weights=edges.data.tolist()))
        self.n_features_in_ = int(np.shape(X)[1])
        return self
