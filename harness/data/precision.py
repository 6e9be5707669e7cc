"""Precision of samples: float32, or float64 if float32 would lose something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Floats, all_finite
from .advice import either

_BLOCK = 2**14  # values per block, so that they and their copies stay in the cache
_FIRST = 2**20  # values among which rounded duplicates show up soon
_LEAST = np.finfo(np.float32).smallest_normal
_Pair = tuple[NDArray[Any], NDArray[Any]]  # values, and the same values as another dtype
_STEPS = 2.0**23  # steps from 0 that float32 can distinguish


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
        When whole numbers differ that are equal in float64 too.

    Examples
    --------
    >>> [to_floats(np.array(each), where="toy").dtype.name for each in ([[0.1], [0.2]], [[7e9], [7e9 + 1]])]
    ['float32', 'float64']
    """
    if samples.dtype.kind == "b" or np.can_cast(samples.dtype, np.float32):
        return np.ascontiguousarray(samples, dtype=np.float32)
    if not _loses(samples, np.float32):
        return np.ascontiguousarray(samples, dtype=np.float32)
    if samples.dtype.kind in "iu" and samples.dtype.itemsize == 8 and _loses(samples, np.float64):
        way = either(where, "Leave out such columns with drop=", "Leave out such columns")
        raise DataError(
            f"{where}: some whole numbers are too large to stay distinct (float64 holds up to 2**53): "
            f"identifiers or hashes? {way}, or subtract an offset."
        )
    return np.ascontiguousarray(samples, dtype=np.float64)


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
    rows = max(_BLOCK // len(columns), 1)
    block = np.empty((rows, len(columns)))

    def pairs() -> Iterator[_Pair]:
        for start in range(0, len(out), rows):
            part, single = block[: len(out) - start], out[start : start + rows]
            for n, column in enumerate(columns):
                part[:, n] = column[start : start + rows]
            with np.errstate(over="ignore"):
                single[:] = part
            yield part, single

    suspects = _suspects(pairs(), len(columns), np.float32)
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


def _loses(samples: NDArray[Any], kind: type[np.floating[Any]]) -> bool:
    """Return whether the precision or range of a dtype is too small for some column."""
    first = samples[: max(_FIRST // samples.shape[1], 2)]
    suspects = _suspects(_pairs(first, kind), samples.shape[1], kind)
    if suspects is None or any(made_equal(first[:, column], kind) for column in suspects):
        return True
    suspects = _suspects(_pairs(samples, kind), samples.shape[1], kind)
    return suspects is None or any(made_equal(samples[:, column], kind) for column in suspects)


def _pairs(samples: NDArray[Any], kind: type[np.floating[Any]]) -> Iterator[_Pair]:
    rows = max(_BLOCK // samples.shape[1], 1)
    for start in range(0, len(samples), rows):
        block = samples[start : start + rows]
        with np.errstate(over="ignore"):
            yield block, block.astype(kind)


def _suspects(pairs: Iterator[_Pair], width: int, kind: type[np.floating[Any]]) -> NDArray[np.intp] | None:
    """Return the columns in which different values may become equal; None if a value is out of range.

    A column is safe if each value is exact, or a decimal fraction with few digits: 0.1 is rounded, but so far
    from 0.2 that they stay apart.
    """
    rounded, decimal = np.zeros(width, dtype=bool), np.ones(width, dtype=bool)
    scale = 0.0
    for block, cast in pairs:
        differs = cast != block if block.dtype.kind == "f" else _moved(cast, block)
        columns = differs.any(axis=0)
        if not columns.any():
            continue
        rounded |= columns
        if kind is np.float32 and not _in_range(block, cast):
            return None
        if kind is np.float32 and block.dtype.kind == "f":
            scale = scale or _decimal_scale(block)
            decimal &= ~columns | _is_decimal(block, scale)
        else:
            decimal &= ~columns
    return np.flatnonzero(rounded & ~decimal)


def _in_range(block: NDArray[Any], cast: NDArray[Any]) -> bool:
    sizes = np.abs(cast)
    return bool(np.isfinite(sizes.max())) and not ((sizes < _LEAST) & (block != 0)).any()


def _decimal_scale(block: NDArray[Any]) -> float:
    """Return the power of 10 that makes most columns whole numbers, the smallest if tied."""
    scales = [10.0**digits for digits in range(8)]
    return max(scales, key=lambda scale: (_is_decimal(block, scale).sum(), -scale))


def _is_decimal(block: NDArray[Any], scale: float) -> NDArray[np.bool_]:
    """Return which columns hold only multiples of 1/scale, few enough steps from 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.rint(block * scale)
        same: NDArray[np.bool_] = (steps / scale == block).all(axis=0) & (np.abs(steps).max(axis=0) < _STEPS)
    return same


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
