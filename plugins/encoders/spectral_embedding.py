"""Eigenvectors of a graph of nearest neighbours (Belkin and Niyogi, 2003)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array
from scipy.sparse.linalg import LinearOperator, eigsh
from sklearn.base import BaseEstimator

from harness import NotApplicable, report_progress

from .._neighbours import neighbour_graph
from .._numbers import check_integers

Array = NDArray[Any]
FEWEST = 4  # samples
TOLERANCE = 1e-6  # of the eigenvalues


class SpectralEmbedding(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """The smoothest functions on the graph of nearest neighbours, but for the constant one.

    Eigenvectors of the normalised Laplacian, divided by the roots of the degrees: those of the random walk on
    the graph. New rows have no place in it.

    Parameters
    ----------
    n_components : int
        Dimensions of the embedding; at most the number of samples less 2.
    n_neighbors : int
        Neighbours of each sample. Two samples are joined by weight 1 if each is among the neighbours of the
        other, and by 1/2 if one is.
    random_state : int, optional
        Seed of the vector that the solver starts with; the eigenvectors hardly depend on it.

    Attributes
    ----------
    embedding_ : ndarray of shape (n, n_components)
        Of length root n in each dimension; the sign is such that the largest entry is positive.
    eigenvalues_ : ndarray of shape (n_components,)
        Of the Laplacian, from 0 to 2, smallest first.

    Notes
    -----
    Neighbours are exact: their time grows with the square of the number of samples. The graph may fall into
    parts that are not joined; each then has a constant vector of its own, with eigenvalue 0.

    References
    ----------
    M. Belkin and P. Niyogi, Laplacian eigenmaps for dimensionality reduction and data representation, 2003.

    Examples
    --------
    >>> X = np.repeat([[0.0], [5.0]], 20, axis=0) + np.random.default_rng(0).random((40, 1))
    >>> found = SpectralEmbedding(1, n_neighbors=5, random_state=0).fit_transform(X)
    >>> found.shape, len(np.unique(np.sign(found[:20]))), bool(found[0, 0] * found[-1, 0] < 0)
    ((40, 1), 1, True)
    """

    slow: ClassVar[bool] = True

    def __init__(
        self, n_components: int = 10, *, n_neighbors: int = 20, random_state: int | None = None
    ) -> None:
        self.n_components = n_components
        self.n_neighbors = n_neighbors
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong numbers before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_components=1, n_neighbors=1)

    def fit(self, X: Array, y: None = None) -> Self:
        """Embed samples of shape (n, d).

        Raises
        ------
        BadParameter
            If a parameter is out of range.
        NotApplicable
            If there are too few samples.
        """
        self.check_params()
        fewest = max(FEWEST, self.n_components + 2)
        if len(X) < fewest:
            raise NotApplicable(f"n_components={self.n_components} needs {fewest} samples, got {len(X)}")
        report_progress(0, 0, "neighbours")
        graph = neighbour_graph(X, self.n_neighbors)
        report_progress(0, 0, "eigenvectors")
        self.eigenvalues_, found = self._eigenvectors(graph)
        self.embedding_: Array = found.astype(np.float64 if X.dtype == np.float64 else np.float32)
        self.n_features_in_ = int(X.shape[1])
        return self

    def _eigenvectors(self, graph: csr_array) -> tuple[Array, Array]:
        roots = np.sqrt(graph.sum(axis=1))
        walk = diags_array(1 / roots) @ graph @ diags_array(1 / roots)
        constant = roots / np.linalg.norm(roots)

        # 2 less the Laplacian: its largest eigenvalues need no factorisation. The constant one is taken out.
        def times(vector: Array) -> Array:
            vector = vector.ravel()
            product: Array = walk @ vector + vector - 2 * constant * (constant @ vector)
            return product

        n, k = len(roots), self.n_components
        start = np.random.default_rng(self.random_state).random(n) - 0.5
        values, vectors = eigsh(
            LinearOperator((n, n), times, dtype=np.float64),
            k,
            v0=start,
            which="LA",
            tol=TOLERANCE,
            ncv=min(n, max(60, 3 * k)),
        )
        order = np.argsort(-values)
        found = vectors[:, order] / roots[:, None]
        found *= np.sqrt(len(found)) / np.linalg.norm(found, axis=0)
        found *= np.sign(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])])
        return np.maximum(2 - values[order], 0), found

    def fit_transform(self, X: Array, y: None = None) -> Array:
        """Return the embedding of the samples: shape (n, n_components), in their precision."""
        return self.fit(X).embedding_
