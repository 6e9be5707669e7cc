"""Principal components from a covariance that is summed by the workers of a Dask cluster."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from .._dask_rows import compute, dask_rows, on_workers
from .pca_in_batches import PCAInBatches

Floats = NDArray[np.floating[Any]]
VALUES = 2**22  # of a chunk: 32 MiB in double precision


class DaskPCA(PCAInBatches):
    """The encoder `pca` with its costly part, the covariance, spread over the workers of ``--dask``.

    Exact, unlike `incremental-pca`, whose steps follow each other and cannot be spread. Rows are projected
    by one process, in batches. The result does not depend on the number of workers: chunks are set by the
    number of features, and sums are taken in their order.

    Parameters
    ----------
    n_components, whiten
        As of `pca`.
    n_jobs : int
        Threads, if there is no cluster.

    Attributes
    ----------
    explained_variance_ratio_, n_components_, pca_
        As of `pca`.

    Examples
    --------
    >>> X = np.array([[0, 0, 1], [1, 1, 1], [2, 2, 1]], dtype=np.float32)
    >>> DaskPCA(n_components=1).fit(X).transform(X).round(3).tolist()
    [[-1.4140000343322754], [0.0], [1.4140000343322754]]
    """

    in_batches: ClassVar[bool] = True  # it takes rows in a file
    on_workers: ClassVar[bool] = True  # its stage waits for tasks, and leaves its place on the worker to them
    slow: ClassVar[bool] = True  # made for many rows: `--all` leaves it to `--slow`

    def __init__(
        self, n_components: int | float | Literal["auto"] = "auto", whiten: bool = False, n_jobs: int = 1
    ) -> None:
        super().__init__(n_components, whiten)
        self.n_jobs = n_jobs

    def _sums(self, X: Floats) -> tuple[Floats, Floats]:
        """Return the sum of the samples in the frame, and that of their products: shapes (d,) and (d, d)."""
        with on_workers(X, self.n_jobs):
            rows = dask_rows(X, self.frame_, max(VALUES // X.shape[1], 1), np.float64)
            total, products = compute(rows.sum(axis=0), rows.T @ rows)
        return total, products
