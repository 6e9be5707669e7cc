"""The graph of nearest neighbours."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from scipy.sparse import csr_array
from sklearn.neighbors import kneighbors_graph

from ._frame import Frame


def neighbour_graph(X: NDArray[Any], n_neighbors: int) -> csr_array:
    """Return weights of pairs of samples: 1 if each is a neighbour of the other, 1/2 if only one is.

    Parameters
    ----------
    X : ndarray of shape (n, d)
    n_neighbors : int

    Notes
    -----
    Neighbours are exact; there are fewer than `n_neighbors` if there are too few samples.

    Examples
    --------
    >>> import numpy as np
    >>> neighbour_graph(np.array([[0.0], [1.0], [3.0]]), 1).toarray().tolist()
    [[0.0, 1.0, 0.0], [1.0, 0.0, 0.5], [0.0, 0.5, 0.0]]
    """
    directed = csr_array(kneighbors_graph(Frame.of(X).inside(X), min(n_neighbors, len(X) - 1)))
    return csr_array((directed + directed.T) / 2)
