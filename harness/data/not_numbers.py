"""The error for columns that cannot be features, with the options to type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..core.counts import counted, shortened
from ..core.errors import DataError
from .advice import line
from .exact import is_number, why_not_numbers
from .number_cells import is_dated, mostly_quantities

MOST = 5  # columns that the error names
PLAIN = "Write plain numbers, without units and separators"
NO_MARKS = (".xlsx", ".xlsm", ".parquet", ".feather", ".arrow", ".arff")  # have no option decimal=
TITLES = 3  # rows above the data that may hold titles or units


def not_numbers(
    frame: pd.DataFrame,
    wrong: Sequence[int],
    where: str,
    *,
    label: str | int | None = None,
    given: str | int | None = "auto",
    dropped: Sequence[str | int] = (),
    alone: bool = False,
) -> DataError:
    """Return the error for columns that are not numeric: the first such cell, and the remedy for all of them.

    Parameters
    ----------
    frame : DataFrame
    wrong : sequence of int
        Positions of the columns.
    where : str
    label : str or int, optional
        The label column.
    given : str, int or None
        The option `label`, and
    dropped : sequence of str or int
        the columns left out by `drop`, which the lines to type repeat.
    alone : bool
        Whether there are no other features, so that these cannot be left out.

    Examples
    --------
    >>> print(not_numbers(pd.DataFrame({"width": ["1.5", "oops", "2"]}), [0], "toy.csv"))
    toy.csv: column 'width' must hold numbers, got 'oops' in data row 2 (1 of 3 cells is not a number). \
Correct it, or leave the column out: "toy.csv(drop=width)".
    """
    columns = frame.columns.tolist()
    names = [columns[position] for position in wrong]
    column = frame.iloc[:, wrong[0]]
    reason, remedy = _remedy(column.tolist())
    if "," in str(column.iloc[0]) and remedy == PLAIN and not where.lower().endswith(NO_MARKS):
        remedy += ", or give the decimal mark with decimal="
    options: dict[str, Any] = {} if given == "auto" else {"label": given}
    others = "column {} is" if len(names) == 2 else "columns {} are"
    named = shortened([*map(repr, names[1:])], MOST)
    more = f"; {others.format(named)} not numeric either" if named else ""
    told = f"{where}: column {names[0]!r} must hold numbers, {why_not_numbers(column)}{reason}{more}. "
    drop = line(where, **options, drop=_one_or_list([*dropped, *names]))
    leave = f"eave {'the column' if len(names) == 1 else 'them'} out: {drop}"
    if remedy:
        return DataError(f"{told}{remedy}{'' if alone else f', or l{leave}'}.")
    rest = [*dropped, *([] if label is None else [label]), *names[1:]]
    use = line(where, label=names[0], **({"drop": _one_or_list(rest)} if rest else {}))
    options |= {"drop": _one_or_list(dropped)} if dropped else {}
    it = "it" if len(names) == 1 else "them"
    convert = f"onvert {it} to columns of 0 and 1: {line(where, **options, one_hot=_one_or_list(names))}."
    if alone:
        return DataError(f"{told}C{convert}")
    first = "it" if len(names) == 1 else repr(names[0])
    return DataError(f"{told}L{leave}; use {first} as the label: {use}; or c{convert}")


def _remedy(cells: list[Any]) -> tuple[str, str]:
    """Return more about the reason, and the advice for cells that are neither classes nor categories."""
    bad = [row for row, cell in enumerate(cells) if not is_number(cell)]
    if not bad:
        return "", "Convert it to numbers" if isinstance(cells[0], str) else "Subtract an offset"
    first = cells[bad[0]]
    if any(isinstance(cell, list | tuple | np.ndarray) for cell in cells):
        return "", "Give each row a list of numbers, all of one length"
    count = (
        f" ({len(bad):,} of {counted(len(cells), 'cell')} {'is' if len(bad) == 1 else 'are'} not a number)"
    )
    if bad[-1] < TITLES and len(cells) > 2 * TITLES:
        return count, "If the first rows are titles or units, remove them"
    if len(bad) <= len(cells) / 2:
        return count, f"Correct {'it' if len(bad) == 1 else 'them'}"
    if mostly_quantities(cells):
        return "", PLAIN
    if is_dated(str(first)):
        return ", a date or time", "Convert it to numbers"
    return "", "" if isinstance(first, str) else "Convert it to numbers"


def _one_or_list(names: Sequence[str | int]) -> Any:
    return names[0] if len(names) == 1 else list(names)
