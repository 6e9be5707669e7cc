"""Conversion of sparse matrices to dense arrays, within a memory limit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError

MOST = 2**31  # limit in bytes of the dense array
NOTE = "sparse, converted to dense"


def dense(matrix: Any, where: str) -> NDArray[Any]:
    """Convert a SciPy sparse matrix to an array.

    Raises
    ------
    DataError
        If the array would take more than 2 GiB.

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
            f"{where}: a sparse matrix of {shape} takes {size / 2**30:.1f} GiB as a dense array; the limit "
            "is 2 GiB. Reduce it first, e.g. with sklearn's TruncatedSVD."
        )
    array: NDArray[Any] = np.asarray(matrix.toarray())
    return array
