"""Detection of a header row and of row names in a table."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .column_kinds import plain_name
from .column_roles import LABELS
from .exact import is_number
from .number_cells import MISSING, is_quantity

_GAPS = {*MISSING, "NA", "N/A", "n/a", "NULL", "null", "None", "<NA>", "#N/A", "NaN"}
_WHOLE = re.compile(r"[+-]?\d+")


def likely_number(cell: str) -> bool:
    """Return whether a cell fits a column of numbers: a number in any notation, or missing.

    Examples
    --------
    >>> [likely_number(cell) for cell in ("1,5", "NA", "?", "width")]
    [True, True, True, False]
    """
    return is_number(cell) or cell in _GAPS or is_quantity(cell)


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Return whether the first row has names: it is of another kind than the rows below.

    Examples
    --------
    >>> has_header([["a", "b"], ["1", "2"]]), has_header([["?", "5"], ["1", "2"]])
    (True, False)
    """
    if not rows:
        return False
    first, below = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    if any(plain_name(cell) in LABELS for cell in first):
        return True
    if not below:
        return not any(map(likely_number, first))
    columns = list(zip(*below, strict=True))
    return (
        any(
            cell and not likely_number(cell) and all(not each or likely_number(each) for each in column)
            for cell, column in zip(first, columns, strict=True)
        )
        or _counts(first)
        or _unlike(first, columns)
    )


def _counts(first: Sequence[str]) -> bool:
    """Return whether the row counts 0, 1, 2, ... or years, perhaps after a cell that is not a number."""
    cells = first if likely_number(first[0]) else first[1:]
    if not all(re.fullmatch(r"\d{1,4}", cell) for cell in cells) or len(cells) < 2:
        return False
    numbers = [int(cell) for cell in cells]
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
        return False
    if numbers[0] == 0:
        return len(cells) > 2 or cells is not first
    return len(cells) > 2 and 1900 <= numbers[0] <= 2100


def _unlike(first: Sequence[str], columns: Sequence[Sequence[str]]) -> bool:
    """Return whether distinct whole numbers, such as years, head columns without whole numbers."""
    whole = [n for n, cell in enumerate(first) if re.fullmatch(r"\d+", cell)]
    rest = [cell for n, cell in enumerate(first) if n not in whole]
    return (
        bool(whole)
        and not any(map(likely_number, rest))
        and len({first[n] for n in whole}) == len(whole)
        and not any(_WHOLE.fullmatch(cell) for n in whole for cell in columns[n])
    )


def with_row_names(rows: Sequence[Sequence[str]], *, quoted: bool) -> list[list[str]]:
    """Return the rows with a missing header cell filled in, if one column has no name.

    That is the first one, as R and pandas write row names, if it holds text or counts; or the last one, if a
    separator ends each row. Else the rows stay as they are.

    Examples
    --------
    >>> with_row_names([["a", "b"], ["r1", "1", "2"], ["r2", "3", "4"]], quoted=False)[0]
    ['', 'a', 'b']
    """
    first, below = list(rows[0]), [list(row) for row in rows[1:]]
    width = len(first) + 1
    if len(first) < 2 or not below or any(len(row) != width for row in below):
        return [first, *below]
    if any(map(likely_number, first)):
        return [first, *below]
    if not any(row[-1] for row in below):
        return [[*first, ""], *below]
    names = [row[0] for row in below]
    counting = names in ([str(n + start) for n in range(len(names))] for start in (0, 1))
    if quoted or counting or not any(map(likely_number, names)):
        return [["", *first], *below]
    return [first, *below]
