"""Kinds of a table's columns: numbers, words that may be classes, and identifiers."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import Any

import numpy as np
import pandas as pd

from .exact import is_number
from .number_cells import is_dated, is_quantity, mostly_quantities

INDEXES = ("", "index", "id", "level_0", "__index_level_0__")  # identifiers, if distinct in every row
FEW = 10  # with fewer rows, distinct text means nothing


def plain_name(name: object) -> str:
    """Return the name of a column in lower case, without surrounding blanks and ``#``.

    Examples
    --------
    >>> plain_name("# Label "), plain_name("Unnamed: 0")
    ('label', '')
    """
    plain = str(name).strip(" \t#").lower()
    return "" if plain.startswith("unnamed: ") else plain


def word_columns(frame: pd.DataFrame, left_out: Collection[int] = ()) -> list[int]:
    """Return the positions of columns of words, which may be the label, except identifiers.

    Examples
    --------
    >>> frame = pd.DataFrame({"kind": ["a", "b"], "day": ["31.1.2024", "1.2.2024"], "share": ["5 %", "6 %"]})
    >>> word_columns(frame)
    [0]
    """
    found = []
    for position in text_columns(frame):
        if position not in left_out and not identifier(frame, position, text=True):
            found += [position] if all(map(_is_word, distinct_cells(frame.iloc[:, position]))) else []
    return found


def distinct_cells(column: pd.Series[Any]) -> Iterable[object]:
    """Return the distinct cells of a column, if they can be compared: lists cannot."""
    try:
        return column.unique()
    except TypeError:
        return column


def _is_word(cell: object) -> bool:
    if isinstance(cell, str):
        return not (is_number(cell) or is_quantity(cell) or is_dated(cell))
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def identifier(frame: pd.DataFrame, position: int, *, text: bool) -> str:
    """Return why a column is an identifier, which must not be a feature; else nothing."""
    name = frame.columns[position]
    plain = (
        "-" if isinstance(name, int | np.integer) else plain_name(name)
    )  # the names of some tables are positions
    if not text and plain not in INDEXES and plain != "-":
        return ""
    column = frame.iloc[:, position]
    if plain in ("", "-") and column.isna().all():
        return "empty"
    if text:
        words = (len(column) > FEW or not plain) and all(
            isinstance(cell, str) for cell in distinct_cells(column)
        )
        distinct = words and column.is_unique and not mostly_quantities(column)
        return "text, distinct in every row" if distinct else ""
    distinct = plain in INDEXES and is_whole(column) and column.is_unique
    return "distinct in every row" if distinct else ""


def is_whole(column: pd.Series[Any]) -> bool:
    """Return whether a column holds only whole numbers, of any type."""
    if column.dtype.kind == "f":
        return bool((column == column.round()).all())
    return column.dtype.kind in "iu"


def is_numeric(column: pd.Series[Any]) -> bool:
    """Return whether a column holds numbers or booleans."""
    return _numeric(column.dtype)


def _numeric(kind: Any) -> bool:
    return isinstance(kind, np.dtype) and kind.kind in "biuf"


def text_columns(frame: pd.DataFrame) -> list[int]:
    """Return the positions of the columns that hold neither numbers nor booleans."""
    return [position for position, kind in enumerate(frame.dtypes) if not _numeric(kind)]
