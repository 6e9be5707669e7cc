"""Consensus of several clusterings, found by k-means on their labels (Wu, Liu, Xiong, Cao and Chen, 2015)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from harness import report_progress

from .._numbers import check_choice, check_integers
from .gmm import GaussianMixture
from .kmeans import KMeans

Array = NDArray[Any]
BASES: dict[str, Any] = {"kmeans": KMeans, "gmm": GaussianMixture}
STARTS = 10  # of k-means on the labels: the best is kept


class Consensus(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """The clusters on which runs of k-means, or of a mixture, with different seeds agree most.

    Each run gives a sample a label. A sample becomes the row of its labels, each as a vector of zeros with
    a one, and k-means clusters these rows: so clusters are sought that predict the labels of all runs best
    (the category utility of Mirkin, 2001). Time and memory grow with n times the runs.

    Parameters
    ----------
    n_clusters : int
        Number of clusters, of the runs and of their consensus.
    base : {"kmeans", "gmm"}
        The clusterer that is run.
    n_runs : int
        Runs, each with a seed of its own.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The cluster of each sample, from 0.
    inertia_ : float
        Sum of squared distances of the rows of labels to their centres: half of it is how many labels, over
        all runs, the consensus does not predict, in expectation.
    runs_ : list
        The fitted runs.

    References
    ----------
    J. Wu, H. Liu, H. Xiong, J. Cao and J. Chen, K-means-based consensus clustering: a unified view, 2015.

    Examples
    --------
    >>> X = np.array([[0, 0], [0, 0.1], [0.1, 0], [1, 1], [1, 0.9], [0.9, 1]], dtype=np.float32)
    >>> labels = Consensus(2, n_runs=3, random_state=0).fit(X).labels_
    >>> bool(labels[0] == labels[1] == labels[2] != labels[3] == labels[4] == labels[5])
    True
    """

    slow: ClassVar[bool] = True  # as long as its runs together: `--all` leaves it to `--slow`

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        base: str = "kmeans",
        n_runs: int = 20,
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.base = base
        self.n_runs = n_runs
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse wrong parameters before anything runs.

        Raises
        ------
        BadParameter
        """
        check_integers(self, n_clusters=1, n_runs=1)
        check_choice(self, base=tuple(BASES))

    def fit(self, X: Array, y: None = None) -> Self:
        """Fit the runs to samples of shape (n, d), and find their consensus."""
        self.check_params()
        seeds = np.random.default_rng(self.random_state).integers(2**31, size=self.n_runs + 1)
        self.runs_ = []
        for done, seed in enumerate(seeds[:-1]):
            report_progress(done, self.n_runs, "runs")
            self.runs_.append(BASES[self.base](self.n_clusters, random_state=int(seed)).fit(X))
        rows = self._rows([run.labels_ for run in self.runs_])
        self.model_ = KMeans(self.n_clusters, n_init=STARTS, random_state=int(seeds[-1])).fit(rows)
        self.labels_ = np.asarray(self.model_.labels_, dtype=np.int64)
        self.inertia_ = self.model_.inertia_
        self.n_features_in_ = int(np.shape(X)[1])
        return self

    def _rows(self, labels: list[Array]) -> Array:
        """Return labels of all runs as zeros and ones: float32 of shape (n, n_runs * n_clusters)."""
        ones = np.eye(self.n_clusters, dtype=np.float32)
        return np.hstack([ones[each] for each in labels])

    def predict(self, X: Array) -> NDArray[np.int64]:
        """Label samples of shape (n, d): by the labels that the runs give them."""
        return np.asarray(self.model_.predict(self._rows([run.predict(X) for run in self.runs_])), np.int64)
