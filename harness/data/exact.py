"""Exact conversion of pandas columns to plain numbers: nullable types, decimals, categories, objects."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core.errors import DataError, one_line
from .advice import line
from .precision import EXACT, made_equal, single_rows

LONG = 2**14  # rows from which gathering them as float32 pays


def plain_columns(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with NumPy types for all columns of numbers or booleans.

    Other columns stay, as do decimals and large whole numbers if distinct ones would be equal in float64.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": pd.array([1, 2], dtype="Int64"), "b": [Decimal("0.5"), 1]})
    >>> [str(kind) for kind in plain_columns(frame).dtypes]
    ['int64', 'float64']
    """
    unlike = [n for n, kind in enumerate(frame.dtypes) if not _is_plain(kind)]
    if not unlike:
        return frame
    columns = {n: frame.iloc[:, n] for n in range(frame.shape[1])}
    for n in unlike:
        columns[n] = _plain(columns[n])
    plain = pd.DataFrame(columns, copy=False)
    plain.columns = frame.columns
    return plain


def _is_plain(kind: Any) -> bool:
    return (isinstance(kind, np.dtype) and kind.kind in "biuf") or isinstance(kind, pd.StringDtype)


def _plain(column: pd.Series[Any]) -> pd.Series[Any]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.astype(column.dtype.categories.dtype if not column.hasnans else object)
    if isinstance(column.dtype, pd.api.extensions.ExtensionDtype) and column.dtype.kind in "biuf":
        if not column.hasnans:
            return column.astype(_numpy_type(column.dtype))
        column = column.astype(object).where(column.notna(), np.nan)
    if column.dtype == object or isinstance(column.dtype, pd.ArrowDtype):
        return _from_objects(column.astype(object))
    return column


def _numpy_type(kind: Any) -> np.dtype[Any]:
    plain: np.dtype[Any] = np.dtype(kind.numpy_dtype if hasattr(kind, "numpy_dtype") else kind.subtype)
    return plain  # the subtype, for sparse columns


def _from_objects(column: pd.Series[Any]) -> pd.Series[Any]:
    values = numbers(column.tolist())
    return column if values is None else pd.Series(values, index=column.index)


def numbers(cells: Sequence[Any]) -> NDArray[Any] | None:
    """Return cells as an array if all are numbers, booleans or missing, without loss; else None.

    Examples
    --------
    >>> [numbers(cells) for cells in ([True, False], [1, Decimal("0.5")], [1, "a"], [2**60, 2**60 + 1, 0.5])]
    [array([ True, False]), array([1. , 0.5]), None, None]
    """
    missing = np.array([_is_missing(cell) for cell in cells], dtype=bool)
    known = [cell for cell, gap in zip(cells, missing, strict=True) if not gap]
    kinds = set(map(type, known))
    if not known or not all(issubclass(kind, Real | Decimal | np.bool_) for kind in kinds):
        return None
    if not missing.any() and kinds <= {bool, np.bool_}:
        return np.array(known, dtype=bool)
    if not missing.any() and all(issubclass(kind, int | np.integer | np.bool_) for kind in kinds):
        for kind in (np.int64, np.uint64):
            with suppress(OverflowError):
                return np.array([int(cell) for cell in known], dtype=kind)
    try:
        floats = np.array([float(cell) for cell in known])
    except OverflowError:
        return None
    if len(np.unique(floats)) != len(set(known)):
        return None
    values = np.full(len(cells), np.nan)
    values[~missing] = floats
    return values


def _is_missing(cell: Any) -> bool:
    return cell is None or cell is pd.NA or (isinstance(cell, float | Decimal) and cell != cell)


def plain_array(array: NDArray[Any]) -> NDArray[Any]:
    """Convert an array of objects to numbers or booleans if that is exact, else return it unchanged.

    Examples
    --------
    >>> plain_array(np.array([[1, True], [2.5, 3]], dtype=object)).tolist()
    [[1.0, 1.0], [2.5, 3.0]]
    """
    values = numbers(array.ravel().tolist()) if array.dtype.kind == "O" and array.size else None
    return array if values is None else values.reshape(array.shape)


def to_array(frame: pd.DataFrame, *, where: str) -> NDArray[Any]:
    """Return columns of plain numbers as one array.

    Raises
    ------
    DataError
        If different whole numbers of a column would become equal, since other columns are not whole numbers.

    Examples
    --------
    >>> to_array(pd.DataFrame({"a": [1, 2], "b": [True, False]}), where="toy").tolist()
    [[1, 1], [2, 0]]
    """
    kind = np.result_type(*frame.dtypes.unique())  # else bool with int is object
    if kind.kind == "f":
        for n, own in enumerate(frame.dtypes):
            if own.kind in "iu" and own.itemsize == 8 and _made_equal(frame.iloc[:, n].to_numpy(), kind):
                name = frame.columns[n]
                raise DataError(
                    f"{where}: column {name!r} holds whole numbers too large to stay distinct as {kind}. "
                    f"Leave it out: {line(where, drop=name)}; or subtract an offset."
                )
        columns = [frame.iloc[:, n].to_numpy() for n in range(frame.shape[1])] if len(frame) >= LONG else []
        if columns and (rows := single_rows(columns)) is not None:
            return rows
    return frame.to_numpy(kind)


def _made_equal(values: NDArray[Any], kind: np.dtype[Any]) -> bool:
    if int(values.max()) <= EXACT and int(values.min()) >= -EXACT:
        return False
    return made_equal(values, kind)


def why_not_numbers(column: pd.Series[Any]) -> str:
    """Return why a column is not numeric: the first such cell, and its data row from 1.

    Examples
    --------
    >>> why_not_numbers(pd.Series(["1", "red"]))
    "got 'red' in data row 2"
    >>> why_not_numbers(pd.Series([[1, 2], [3]]))
    'got lists of differing lengths, 2 items in data row 1, 1 in data row 2'
    >>> why_not_numbers(pd.Series([[1, 2], None]))
    'got None in data row 2, lists of numbers in others'
    """
    cells = column.tolist()
    lists = [isinstance(cell, list | tuple | np.ndarray) for cell in cells]
    if any(lists) and not all(lists):
        other = lists.index(False)
        return f"got {one_line(cells[other], 60)} in data row {other + 1}, lists of numbers in others"
    if all(lists):
        lengths = [len(cell) for cell in cells]
        row = next((row for row, length in enumerate(lengths) if length != lengths[0]), None)
        if row is not None:
            first = f"{lengths[0]} items in data row 1"
            return f"got lists of differing lengths, {first}, {lengths[row]} in data row {row + 1}"
    row = next((row for row, cell in enumerate(cells) if not is_number(cell)), None)
    if row is not None:
        shown = repr(cells[row]) if isinstance(cells[row], str) else one_line(cells[row], 60)
        return f"got {shown} in data row {row + 1}"
    if any(isinstance(cell, str) for cell in cells):
        return f"got text, such as {cells[0]!r} in data row 1"
    return "got numbers with more digits than float64 can hold"


def is_number(cell: object) -> bool:
    """Return whether a cell of text is a number.

    Examples
    --------
    >>> is_number("1e3"), is_number("1_000")
    (True, False)
    """
    try:
        float(str(cell))
    except ValueError:
        return False
    return "_" not in str(cell)
