"""Whole numbers of text tables that float64 cannot tell apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from .precision import EXACT


def rounded_columns(frame: pd.DataFrame) -> list[int]:
    """Return the positions of columns of floats beyond which whole numbers are rounded.

    pandas reads whole numbers as floats if one of them exceeds 64 bits, or a cell of the column is empty.

    Examples
    --------
    >>> rounded_columns(pd.DataFrame({"a": [0.5, 1.0], "b": [2.0**60, np.nan], "c": [2**60, 1]}))
    [1]
    """
    floats = [n for n, kind in enumerate(frame.dtypes) if isinstance(kind, np.dtype) and kind.kind == "f"]
    return [n for n in floats if max(frame.iloc[:, n].max(), -frame.iloc[:, n].min()) > EXACT]


def restore_whole_numbers(
    frame: pd.DataFrame, columns: list[int], read_text: Callable[[int], pd.Series[Any]]
) -> None:
    """Replace columns in which different whole numbers became equal by Python integers, in place.

    Such a column is not numeric, so that it is refused unless it is left out.

    Parameters
    ----------
    frame : DataFrame
    columns : list of int
        The positions of columns that may be rounded.
    read_text : callable
        Returns the cells of a column as text, by its position.

    Examples
    --------
    >>> frame = pd.DataFrame({"code": [2.0**60, 2.0**60]})
    >>> restore_whole_numbers(frame, [0], lambda n: pd.Series([str(2**60), str(2**60 + 1)]))
    >>> frame["code"].tolist() == [2**60, 2**60 + 1]
    True
    """
    for n in columns:
        text = read_text(n).str.strip()
        known = text.notna().to_numpy()
        whole = exact_if_rounded(text[known])
        if whole is not None:
            cells = np.full(len(text), np.nan, dtype=object)
            cells[known] = whole
            frame[frame.columns[n]] = cells


def exact_if_rounded(text: pd.Series[Any]) -> list[int] | None:
    """Return the whole numbers of texts if float64 would make different ones equal; else None.

    Examples
    --------
    >>> exact_if_rounded(pd.Series(["9007199254740992", "9007199254740993"]))
    [9007199254740992, 9007199254740993]
    >>> exact_if_rounded(pd.Series(["1e20", "2e20"])) is None
    True
    """
    if not text.str.fullmatch(r"[+-]?\d+").all():
        return None
    whole = list(map(int, text))
    return whole if len(set(whole)) > len(set(map(float, whole))) else None
