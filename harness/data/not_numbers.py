"""The error for a column that cannot be a feature, with the options to type."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..core.counts import counted
from ..core.errors import DataError
from .advice import line
from .exact import is_number, why_not_numbers
from .number_cells import is_dated, mostly_quantities


def not_numbers(name: str | int, column: pd.Series[Any], where: str) -> DataError:
    """Return the error for a column that is not numeric: its first such cell, and the remedy.

    Examples
    --------
    >>> print(not_numbers("width", pd.Series(["1.5", "oops", "2"]), "toy.csv"))
    toy.csv: column 'width' must hold numbers, got 'oops' in data row 2 (1 of 3 cells is not a number). \
Correct it, or leave the column out: "toy.csv(drop=width)".
    """
    wrong = f"{where}: column {name!r} must hold numbers, {why_not_numbers(column)}"
    drop = line(where, drop=name)
    cells = column.tolist()
    bad = [cell for cell in cells if not is_number(cell)]
    if 0 < len(bad) <= len(cells) / 2:
        count = (
            f"{len(bad):,} of {counted(len(cells), 'cell')} {'is' if len(bad) == 1 else 'are'} not a number"
        )
        them = "it" if len(bad) == 1 else "them"
        return DataError(f"{wrong} ({count}). Correct {them}, or leave the column out: {drop}.")
    if bad and mostly_quantities(cells):
        comma = "; or give the decimal mark with decimal=" if "," in str(bad[0]) else ""
        return DataError(
            f"{wrong}. Write plain numbers, without units and separators; or leave it out: {drop}{comma}."
        )
    if bad and is_dated(str(bad[0])):
        return DataError(f"{wrong}, a date or time. Convert it to numbers, or leave it out: {drop}.")
    return DataError(
        f"{wrong}. Leave it out: {drop}; use it as the label: {line(where, label=name)}; or convert it to "
        f"columns of 0 and 1: {line(where, one_hot=name)}."
    )
