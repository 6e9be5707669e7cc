"""Sparse matrices made dense, as far as memory allows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError

MOST = 2**31  # bytes that a sparse matrix may take as a dense one
NOTE = "sparse, made dense"


def dense(matrix: Any, where: str) -> NDArray[Any]:
    """Return a sparse matrix of SciPy as an array.

    Raises
    ------
    DataError
        When it would take more than 2 GiB.

    Examples
    --------
    >>> import scipy.sparse
    >>> dense(scipy.sparse.eye(2, format="csr"), "toy").tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    size = math.prod(matrix.shape) * matrix.dtype.itemsize
    if size > MOST:
        shape = " x ".join(f"{side:,}" for side in matrix.shape)
        raise DataError(
            f"{where}: a sparse matrix of {shape} takes {size / 2**30:.1f} GiB when it is dense, at most 2 "
            "are taken. Reduce it first, as by sklearn's TruncatedSVD."
        )
    array: NDArray[Any] = np.asarray(matrix.toarray())
    return array
