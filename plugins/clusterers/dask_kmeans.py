"""k-means spread over the workers of a Dask cluster (Lloyd, 1982; Bahmani et al., 2012)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.cluster import KMeans as SampleKMeans
from sklearn.metrics import pairwise_distances_argmin
from sklearn.utils import check_random_state

from harness import BadParameter, batches, report_progress, take_rows

from .._dask_rows import dask_rows, each_chunk, on_workers
from .._frame_in_batches import frame_in_batches

VALUES = 2**24  # of a chunk's distances to all centres, or candidates for them: 128 MiB
ROUNDS, DRAWN = 5, 2  # of k-means||, as its authors advise: draws, and candidates of each by cluster
STARTS = 3  # fits of the sample, or of the candidates: the best is taken


class DaskKMeans(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """dask-ml's k-means: one fit on all workers, for more rows than one machine clusters in time.

    With ``--dask``, each task reads its rows from the file on its worker, so samples are never sent. Without,
    tasks run in this process. The result does not depend on the number of workers: chunks are set by the
    shape of the samples and the parameters alone, and sums are taken in their order.

    Parameters
    ----------
    n_clusters : int
        Number of clusters.
    init : {"sample", "k-means||"}
        How the iterations begin: with scikit-learn's k-means of `sample` random rows, or with candidates from
        five rounds of draws, each with two passes over all samples.
    sample : int
        Rows for `init`.
    max_iter : int
        Maximum number of iterations of Lloyd's algorithm, each a pass over the samples.
    tol : float
        The iterations end when the squares of the centres' moves sum to less than this, relative to the mean
        variance of the features.
    random_state : int, optional
        Seed of the draws.
    n_jobs : int
        Threads, if there is no cluster.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), uint8 for up to 256 clusters
        The cluster of each sample, from 0.
    cluster_centers_ : ndarray of shape (n_clusters, d)
        The centres.
    inertia_ : float
        Sum of squared distances of the samples to their centres.
    n_iter_ : int
        Iterations of Lloyd's algorithm.

    References
    ----------
    B. Bahmani, B. Moseley, A. Vattani, R. Kumar and S. Vassilvitskii, Scalable k-means++, 2012.

    Examples
    --------
    >>> X = np.array([[0], [1], [8], [9]], dtype=np.float32)
    >>> model = DaskKMeans(n_clusters=2, random_state=0).fit(X)
    >>> bool(model.labels_[0] == model.labels_[1] != model.labels_[2] == model.labels_[3])
    True
    >>> model.inertia_
    1.0
    """

    in_batches: ClassVar[bool] = True  # it takes rows in a file
    on_workers: ClassVar[bool] = True  # its stage waits for tasks, and leaves its place on the worker to them
    slow: ClassVar[bool] = True  # made for many rows: `--all` leaves it to `--slow`

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Literal["sample", "k-means||"] = "sample",
        sample: int = 100_000,
        max_iter: int = 100,
        tol: float = 1e-4,
        random_state: int | None = None,
        n_jobs: int = 1,
    ) -> None:
        self.n_clusters = n_clusters
        self.init = init
        self.sample = sample
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: None = None) -> Self:
        """Fit to samples of shape (n, d).

        Raises
        ------
        BadParameter
            If `init` is neither of the two.
        """
        if self.init not in ("sample", "k-means||"):
            raise BadParameter(f"init must be 'sample' or 'k-means||', got {self.init!r}.")
        self.frame_ = frame_in_batches(X)
        self.n_features_in_ = int(X.shape[1])
        most = self.n_clusters * (1 if self.init == "sample" else 1 + ROUNDS * DRAWN)
        with on_workers(X, self.n_jobs), _steps_reported():
            rows = dask_rows(X, self.frame_, max(VALUES // max(self.n_features_in_, most), 1))
            self.model_ = self._model(X).fit(rows)
            self._label(rows)
        self.n_iter_ = self.model_.n_iter_
        self.cluster_centers_ = self.frame_.outside(self.model_.cluster_centers_)
        return self

    def _model(self, X: Any) -> Any:
        from .._dask_ml_import import KMeans

        return KMeans(
            self.n_clusters,
            init=self._centres(X) if self.init == "sample" else self.init,
            oversampling_factor=DRAWN * self.n_clusters,
            init_max_iter=ROUNDS,
            max_iter=self.max_iter,
            tol=self.tol * float(self.frame_.variances.mean()),
            random_state=self.random_state,
            n_init=STARTS,
        )

    def _centres(self, X: Any) -> NDArray[Any]:
        """Return the centres of some rows, in the frame."""
        random, n = check_random_state(self.random_state), len(X)
        rows = np.sort(random.randint(n, size=self.sample)) if n > self.sample else np.arange(n)
        model = SampleKMeans(self.n_clusters, n_init=STARTS, random_state=random.randint(2**31 - 1))
        found: NDArray[Any] = model.fit(self.frame_.inside(take_rows(X, rows))).cluster_centers_
        return found

    def _label(self, rows: Any) -> None:
        """Label all samples, and sum their squared distances; dask-ml may sum plain ones."""
        self.labels_, inertia, start = np.empty(len(rows), _smallest(self.n_clusters)), 0.0, 0
        for found, squares in each_chunk(rows, _labelled, self.model_.cluster_centers_):
            self.labels_[start : start + len(found)] = found
            start, inertia = start + len(found), inertia + squares
            report_progress(start, len(rows), "labels")
        self.inertia_ = self.frame_.area(inertia)

    def predict(self, X: Any) -> NDArray[np.int64]:
        """Label samples of shape (n, d)."""
        labels = np.empty(len(X), np.int64)
        for rows, block in batches(X):
            labels[rows] = _labelled(self.frame_.inside(block), self.model_.cluster_centers_)[0]
        return labels


@contextmanager
def _steps_reported() -> Iterator[None]:
    """Report the steps that dask-ml logs: it has no other way to follow a fit."""
    logger, steps = logging.getLogger("dask_ml.cluster.k_means"), _Steps(logging.INFO)
    before = logger.level, logger.propagate
    logger.addHandler(steps)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(steps)
        logger.setLevel(before[0])
        logger.propagate = before[1]


class _Steps(logging.Handler):
    done = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Report a round of draws or an iteration that starts."""
        text = " ".join(record.getMessage().split()).rstrip(".")
        if text.startswith(("Starting init iteration", "Starting Lloyd")):
            self.done += 1
            report_progress(self.done, 0, text.removeprefix("Starting "))


def _labelled(block: NDArray[Any], centres: NDArray[Any]) -> tuple[NDArray[Any], float]:
    """Return the labels of some samples, and the sum of their squared distances."""
    labels = pairwise_distances_argmin(block, centres)
    steps = block - centres[labels]
    squares = float(np.einsum("ij,ij->", steps, steps, dtype=np.float64))
    return labels.astype(_smallest(len(centres))), squares


def _smallest(n_clusters: int) -> Any:
    return np.min_scalar_type(n_clusters - 1)
