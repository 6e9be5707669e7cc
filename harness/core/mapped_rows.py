"""Rows of files larger than memory: mapped, converted to floats when read, and worked on in batches."""

from __future__ import annotations

import math
import mmap
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from .files import cache_folder

LARGE = 2**28  # bytes of samples as floats above which they stay in their file and are worked on in batches
BYTES = "divided by 255"  # scaling of a dataset of byte images
BATCH = 2**23  # bytes as floats of a batch


class MappedRows:
    """Samples in a file in the file's own dtype; what is read of them is converted to floats.

    A slice of rows is again such an object, without reading. Any other index, and `numpy.asarray`, reads and
    converts, so that NumPy's functions work too; those on all rows then need memory for all as floats.

    Parameters
    ----------
    raw : ndarray of shape (n, d)
        Memory-mapped numbers of any dtype.
    dtype : dtype
        float32 or float64: of the converted rows.
    divisor : int
        What the numbers are divided by: 255 for byte images, else 1.

    Examples
    --------
    >>> rows = MappedRows(np.array([[0, 51], [102, 255]], dtype=np.uint8), np.float32, 255)
    >>> rows.shape, rows.dtype.name, rows[1:].shape, rows[[1]].tolist()
    ((2, 2), 'float32', (1, 2), [[0.4000000059604645, 1.0]])
    >>> np.asarray(rows).max(axis=0).tolist()
    [0.4000000059604645, 1.0]
    """

    ndim = 2

    def __init__(self, raw: NDArray[Any], dtype: DTypeLike, divisor: int = 1) -> None:
        self.raw, self.dtype, self.divisor = raw, np.dtype(dtype), divisor
        self.shape: tuple[int, ...] = raw.shape

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: Any) -> Any:
        found = self.raw[index]
        if isinstance(index, slice) and index.step in (None, 1):
            return MappedRows(found, self.dtype, self.divisor)
        return self._floats(found)

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        if copy is False:
            raise ValueError("rows in a file cannot be converted to floats without a copy")
        rows: NDArray[Any] = self._floats(self.raw)
        return rows.astype(dtype or self.dtype, copy=False)

    @property
    def nbytes(self) -> int:
        """Bytes of all rows as floats."""
        return self.raw.size * self.dtype.itemsize

    def _floats(self, raw: Any) -> Any:
        found = np.asarray(raw).astype(self.dtype, order="C")
        if self.divisor != 1:
            found /= self.dtype.type(self.divisor)
        return found


def is_large(shape: Sequence[int], dtype: DTypeLike = np.float32) -> bool:
    """Return whether samples of a shape, as floats, are worked on in batches.

    Examples
    --------
    >>> is_large((70_000, 784)), is_large((1_000_000, 128))
    (False, True)
    """
    return math.prod(shape) * np.dtype(dtype).itemsize > LARGE


def batches(X: Any, n_rows: int | None = None) -> Iterator[tuple[slice, NDArray[Any]]]:
    """Yield all rows of samples in order, as slices with the rows in them, as floats.

    The pages of a memory-mapped file are released after each batch, so that no more of them is resident.

    Parameters
    ----------
    X : ndarray or MappedRows of shape (n, d)
    n_rows : int, optional
        Rows of a batch; by default 8 MiB of floats.

    Examples
    --------
    >>> [(rows.start, block.shape) for rows, block in batches(np.zeros((5, 2)), 2)]
    [(0, (2, 2)), (2, (2, 2)), (4, (1, 2))]
    """
    width = math.prod(X.shape[1:]) * X.dtype.itemsize
    step = n_rows or max(BATCH // max(width, 1), 1)
    for start in range(0, len(X), step):
        rows = slice(start, min(start + step, len(X)))
        yield rows, np.asarray(X[rows])
        release(X)


def take_rows(X: Any, rows: Any) -> NDArray[Any]:
    """Return some rows of samples as floats, and release the pages of a memory-mapped file.

    Parameters
    ----------
    X : ndarray or MappedRows of shape (n, d)
    rows : ndarray of shape (m,)
        Integers; in ascending order a file is read faster.

    Examples
    --------
    >>> take_rows(np.eye(3), np.array([0, 2])).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    found = np.asarray(X[rows])
    release(X)
    return found


def release(X: Any) -> None:
    """Let the system take back the memory of a mapped file's pages; they are read again when needed.

    Examples
    --------
    >>> release(np.zeros(3))
    """
    array = mapping(X)
    pages = getattr(array, "_mmap", None)
    if array is None or pages is None or array.mode == "c" or not hasattr(mmap, "MADV_DONTNEED"):
        return  # with mode c, pages hold changes that are in no file
    with suppress(OSError, ValueError):
        pages.madvise(mmap.MADV_DONTNEED)


def distinct(labels: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct values of labels in ascending order, a batch at a time.

    Examples
    --------
    >>> distinct(np.array([3, -1, 3, 0])).tolist()
    [-1, 0, 3]
    """
    found = labels[:0]
    for _, block in batches(labels):
        found = np.union1d(found, block)
    return found


def is_mapped(X: Any) -> bool:
    """Return whether an array or rows lie in a memory-mapped file.

    Examples
    --------
    >>> is_mapped(np.zeros(3))
    False
    """
    return mapping(X) is not None


def mapping(X: Any) -> np.memmap[Any, Any] | None:
    """Return the memory-mapped array that an array or rows are part of, or None.

    Examples
    --------
    >>> mapping(np.zeros(3)) is None
    True
    """
    array = X.raw if isinstance(X, MappedRows) else X
    while array is not None and not isinstance(array, np.memmap):
        array = getattr(array, "base", None)
    return array


def new_rows(shape: tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array for results, filled with zeros: in memory, or in a temporary file if it is large.

    The file lies in the cache folder, `HARNESS_CACHE`, and is gone with the array.

    Examples
    --------
    >>> new_rows((2, 3), np.float32).shape
    (2, 3)
    """
    if not is_large(shape, dtype):
        return np.zeros(shape, dtype)
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder) as file:
        return np.memmap(file, dtype, "w+", shape=shape)


def as_floats(stored: NDArray[Any], dtype: str, scaling: str) -> Any:
    """Return stored samples as floats: an array of another dtype is converted as it is read.

    Parameters
    ----------
    stored : ndarray of shape (n, d)
        From the store: floats, or for a large file numbers of the file's own dtype.
    dtype, scaling : str
        Of the dataset.

    Examples
    --------
    >>> as_floats(np.array([[0, 255]], dtype=np.uint8), "float32", "divided by 255")[[0]].tolist()
    [[0.0, 1.0]]
    """
    if stored.dtype == np.dtype(dtype):
        return stored
    return MappedRows(stored, dtype, 255 if scaling == BYTES else 1)
