"""Numbers of a file as float32, or as float64 where float32 would lose something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Floats

_BLOCK = 2**20  # values looked at in one go, so that copies stay small
_MOST = np.finfo(np.float32).max
_LEAST = np.finfo(np.float32).smallest_normal


def to_floats(samples: NDArray[Any], *, where: str, names: Sequence[str] = ()) -> Floats:
    """Return a 2-D array as float32, or as float64 where float32 would lose a distinct value, order or range.

    What float32 holds exactly, and what it rounds without making two values of a column equal, is float32.

    Raises
    ------
    DataError
        When a value is not finite, or whole numbers differ that are equal in float64 too.

    Examples
    --------
    >>> [to_floats(np.array(each), where="toy").dtype.name for each in ([[0.1], [0.2]], [[7e9], [7e9 + 1]])]
    ['float32', 'float64']
    """
    if samples.dtype.kind == "f":
        _check_finite(samples, where, names)
    if samples.dtype.kind == "b" or np.can_cast(samples.dtype, np.float32):
        return np.ascontiguousarray(samples, dtype=np.float32)
    if not _loses(samples, np.float32):
        return np.ascontiguousarray(samples, dtype=np.float32)
    if samples.dtype.kind in "iu" and samples.dtype.itemsize == 8 and _loses(samples, np.float64):
        raise DataError(
            f"{where}: some whole numbers are too large to be told apart (float64 holds up to 2**53): "
            "identifiers or hashes? Leave such columns out with drop=, or subtract an offset."
        )
    return np.ascontiguousarray(samples, dtype=np.float64)


def _check_finite(samples: NDArray[Any], where: str, names: Sequence[str]) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(samples.sum(dtype=np.float64)):
            return
    bad = np.argwhere(~np.isfinite(samples))
    if len(bad):
        row, column = bad[0]
        place = (
            f"data row {row + 1}, column {names[column]!r}"
            if names
            else f"row {row}, column {column} (from 0)"
        )
        raise DataError(
            f"{where}: values must be finite, got {samples[row, column]} in {place}. "
            "Correct or drop such rows."
        )


def _loses(samples: NDArray[Any], kind: type[np.floating[Any]]) -> bool:
    """Tell whether a kind of number is too coarse, or too short, for some column.

    Rows are looked at first in a block of the first ones: where many values differ, equal ones turn up soon.
    """
    inexact = _inexact_columns(samples, kind)
    if inexact is None:
        return True
    first = samples[: max(_BLOCK // max(len(inexact), 1), 2)]
    return any(_equal_after(part[:, column], kind) for part in (first, samples) for column in inexact)


def _inexact_columns(samples: NDArray[Any], kind: type[np.floating[Any]]) -> NDArray[np.intp] | None:
    """Return the columns that are rounded; None where a value is out of range."""
    inexact = np.zeros(samples.shape[1], dtype=bool)
    rows = max(_BLOCK // samples.shape[1], 1)
    for start in range(0, len(samples), rows):
        block = samples[start : start + rows]
        with np.errstate(over="ignore"):
            cast = block.astype(kind)
            differs = cast.astype(block.dtype) != block if block.dtype.kind == "f" else _moved(cast, block)
        if differs.any():
            inexact |= differs.any(axis=0)
            sizes = np.abs(block[differs].astype(np.float64))
            if kind is np.float32 and ((sizes > _MOST) | (sizes < _LEAST)).any():
                return None
    return np.flatnonzero(inexact)


def _moved(cast: NDArray[Any], block: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which whole numbers are rounded: compared as whole numbers, as 2**63 + 1 is none in float64."""
    limit = float(np.iinfo(block.dtype).max)
    back = np.where(cast < limit, cast, 0).astype(block.dtype)
    moved: NDArray[np.bool_] = back != block
    return moved


def _equal_after(column: NDArray[Any], kind: type[np.floating[Any]]) -> bool:
    """Tell whether two different values of a column are equal as such numbers."""
    ordered = np.sort(column)
    cast = ordered.astype(kind)
    return bool(((ordered[1:] != ordered[:-1]) & (cast[1:] == cast[:-1])).any())
