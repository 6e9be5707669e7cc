"""Precision of samples: float32, or float64 if float32 would lose something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Floats, all_finite
from ..core.mapped_rows import MappedRows, release
from .advice import either
from .decimals import BLOCK, Blocks, all_decimal, decimal_scale, is_decimal

EXACT = 2**53  # float64 holds all whole numbers up to this one
_FIRST = 2**20  # values among which rounded duplicates show up soon
_RELEASED = 256  # blocks after which the pages of a mapped file are given back
_LEAST = np.finfo(np.float32).smallest_normal
_Pair = tuple[NDArray[Any], NDArray[Any]]  # values, and the same values as another dtype


def to_floats(samples: NDArray[Any], *, where: str) -> Floats:
    """Return a 2-D array as float32, or as float64 if float32 would lose a distinct value, order or range.

    Values that float32 holds exactly, or rounds without making two values of a column equal, are float32.

    Parameters
    ----------
    samples : ndarray of shape (n, d)
        Finite; see `check_finite`.

    Raises
    ------
    DataError
        If different whole numbers are equal even in float64.

    Examples
    --------
    >>> [to_floats(np.array(each), where="toy").dtype.name for each in ([[0.1], [0.2]], [[7e9], [7e9 + 1]])]
    ['float32', 'float64']
    """
    if samples.dtype.kind == "b" or np.can_cast(samples.dtype, np.float32):
        return np.ascontiguousarray(samples, dtype=np.float32)
    if (single := _single(samples)) is not None:
        return single
    _check_distinct(samples, where)
    return np.ascontiguousarray(samples, dtype=np.float64)


def _check_distinct(samples: NDArray[Any], where: str) -> None:
    """Refuse whole numbers of which different ones are equal in float64."""
    if samples.dtype.kind in "iu" and samples.dtype.itemsize == 8 and _loses(samples, np.float64):
        way = either(where, "Leave out such columns (drop= in tables)", "Leave out such columns")
        raise DataError(
            f"{where}: some whole numbers are too large to stay distinct (float64 holds up to 2**53): "
            f"identifiers or hashes? {way}, or subtract an offset."
        )


def mapped_floats(samples: NDArray[Any], divisor: int, *, where: str) -> Floats:
    """Return mapped samples as `to_floats` does, without reading them into memory.

    Floats of the right precision are the mapped array itself; others are converted as they are read.

    Parameters
    ----------
    samples : ndarray of shape (n, d)
        Memory-mapped and finite.
    divisor : int
        255 for byte images, else 1.

    Raises
    ------
    DataError
        If different whole numbers are equal even in float64.
    """
    exact = divisor != 1 or samples.dtype.kind == "b" or np.can_cast(samples.dtype, np.float32)
    kind = np.float32 if exact or not _loses(samples, np.float32) else np.float64
    if kind is np.float64:
        _check_distinct(samples, where)
    if samples.dtype == kind and divisor == 1:
        return samples
    rows: Any = MappedRows(samples, kind, divisor)
    return rows  # type: ignore[no-any-return]  # it stands for the array


def single_rows(columns: Sequence[NDArray[Any]]) -> NDArray[np.float32] | None:
    """Return columns of numbers as rows of float32, in one pass; None if that would lose something.

    Missing and infinite values count as a loss too: use `to_floats` once they are handled.

    Examples
    --------
    >>> single_rows([np.array([0.5, 1.5]), np.array([1, 2])]).tolist()
    [[0.5, 1.0], [1.5, 2.0]]
    >>> single_rows([np.array([1e9, 1e9 + 0.5])]) is None
    True
    """
    if not all(map(all_finite, columns)):
        return None
    out = np.empty((len(columns[0]), len(columns)), dtype=np.float32)

    def blocks(start: int, stop: int, rows: int) -> Iterator[NDArray[Any]]:
        block = np.empty((rows, len(columns)))
        for first in range(start, stop, rows):
            part = block[: stop - first]
            for n, column in enumerate(columns):
                part[:, n] = column[first : first + len(part)]
            yield part

    if out.size > _FIRST and all_decimal(blocks, out):
        return out
    suspects = _suspects(_pairs(blocks, out.shape, out), len(columns), np.float32)
    if suspects is None or any(made_equal(columns[column], np.float32) for column in suspects):
        return None
    return out


def check_finite(samples: NDArray[Any], *, where: str, names: Sequence[str] = ()) -> None:
    """Raise an error that names the first value that is not finite.

    Examples
    --------
    >>> check_finite(np.array([[1.0, 2.0]]), where="toy")
    """
    if samples.dtype.kind != "f" or all_finite(samples):
        return
    row, column = np.argwhere(~np.isfinite(samples))[0]
    place = (
        f"data row {row + 1}, column {names[column]!r}" if names else f"row {row}, column {column} (from 0)"
    )
    raise DataError(
        f"{where}: values must be finite, got {samples[row, column]} in {place}. Correct or drop such rows."
    )


def _single(samples: NDArray[Any]) -> NDArray[np.float32] | None:
    """Return samples as float32, or None if that would lose something, which usually shows early."""
    rows = max(_FIRST // samples.shape[1], 2)
    if _loses(samples[:rows], np.float32):
        return None
    out = np.empty(samples.shape, dtype=np.float32)
    if samples.dtype == np.float64 and len(samples) > rows and all_decimal(_rows_of(samples), out):
        return out
    return None if _loses(samples, np.float32, out) else out


def _loses(
    samples: NDArray[Any], kind: type[np.floating[Any]], out: NDArray[np.float32] | None = None
) -> bool:
    """Return whether the precision or range of a dtype is too small for some column; fill `out` meanwhile."""
    pairs = _pairs(_rows_of(samples), samples.shape, out, kind)
    suspects = _suspects(pairs, samples.shape[1], kind)
    return suspects is None or any(made_equal(samples[:, column], kind) for column in suspects)


def _rows_of(samples: NDArray[Any]) -> Blocks:
    def blocks(start: int, stop: int, rows: int) -> Iterator[NDArray[Any]]:
        for number, first in enumerate(range(start, stop, rows)):
            yield samples[first : min(first + rows, stop)]
            if number % _RELEASED == 0:
                release(samples)

    return blocks


def _pairs(
    blocks: Blocks, shape: tuple[int, ...], out: NDArray[Any] | None, kind: type[Any] = np.float32
) -> Iterator[_Pair]:
    """Yield blocks of rows, and the same as another dtype, which stays in `out`."""
    rows = max(BLOCK // shape[1], 1)
    for first, block in zip(range(0, shape[0], rows), blocks(0, shape[0], rows), strict=True):
        cast = np.empty(block.shape, kind) if out is None else out[first : first + len(block)]
        with np.errstate(over="ignore"):
            cast[:] = block
        yield block, cast


def _suspects(pairs: Iterator[_Pair], width: int, kind: type[np.floating[Any]]) -> NDArray[np.intp] | None:
    """Return the columns in which different values may become equal; None if a value is out of range.

    A column is safe if all its values are exact, or all are decimal fractions with few digits: 0.1 is
    rounded, but so far from 0.2 that they stay apart.
    """
    rounded, decimal = np.zeros(width, dtype=bool), np.ones(width, dtype=bool)
    scale, exact_before = 0.0, False
    for block, cast in pairs:
        differs = cast != block if block.dtype.kind == "f" else _moved(cast, block)
        columns = differs.any(axis=0)
        rounded |= columns
        if kind is np.float32 and columns.any() and not _in_range(block, cast):
            return None
        if kind is not np.float32 or block.dtype.kind != "f":
            decimal[:] = False
        elif scale:
            decimal &= is_decimal(block, scale)
        elif columns.any():
            scale = decimal_scale(block)
            decimal = is_decimal(block, scale) & ~exact_before
        else:
            exact_before = True  # by chance perhaps equal to a later value once that is rounded
    return np.flatnonzero(rounded & ~decimal)


def _in_range(block: NDArray[Any], cast: NDArray[Any]) -> bool:
    sizes = np.abs(cast)
    return bool(np.isfinite(sizes.max())) and not ((sizes < _LEAST) & (block != 0)).any()


def _moved(cast: NDArray[Any], block: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which whole numbers are rounded; compared as integers, since float64 cannot hold 2**63 + 1."""
    limit = float(np.iinfo(block.dtype).max)
    back = np.where(cast < limit, cast, 0).astype(block.dtype)
    moved: NDArray[np.bool_] = back != block
    return moved


def made_equal(column: NDArray[Any], kind: Any) -> bool:
    """Return whether two different values of a column are equal as such numbers."""
    ordered = np.sort(column)
    cast = ordered.astype(kind)
    return bool(((ordered[1:] != ordered[:-1]) & (cast[1:] == cast[:-1])).any())
