"""The format of a text table: separator, decimal mark and header, found from its first lines."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .column_roles import LABELS, plain_name
from .exact import is_number

SEPARATORS = (",", ";", "\t", "|")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")


@dataclass(frozen=True)
class TextFormat:
    """How a text table is written: `rows` are its first rows, `header` says whether the first has names."""

    sep: str
    decimal: str
    header: bool
    rows: Sequence[Sequence[str]]


def find_format(
    text: str, *, sep: str | None = None, decimal: str | None = None, header: bool | None = None
) -> TextFormat:
    """Find out how a table is written; what is given stands.

    Parameters
    ----------
    text : str
        Its first lines, whole.
    sep, decimal : str, optional
    header : bool, optional

    Examples
    --------
    >>> found = find_format("a;b\\n1,5;2\\n2,5;3\\n")
    >>> found.sep, found.decimal, found.header
    (';', ',', True)
    """
    lines = [line for line in text.splitlines() if line.strip()]
    sep = sep or _separator(lines)
    rows = _split(lines, sep)
    cells = [cell.strip() for row in rows for cell in row]
    if decimal is None:
        comma = sep != "," and any(map(_DECIMAL_COMMA.fullmatch, cells))
        decimal = "," if comma and not any(re.fullmatch(r"[+-]?\d*\.\d+", cell) for cell in cells) else "."
    if header is None:
        header = has_header([[cell.strip().replace(decimal, ".") for cell in row] for row in rows])
    return TextFormat(sep, decimal, header, rows)


def _split(lines: Sequence[str], sep: str) -> list[list[str]]:
    if sep == r"\s+":
        return [line.split() for line in lines]
    return list(csv.reader(lines, delimiter=sep, skipinitialspace=True))


def _separator(lines: Sequence[str]) -> str:
    """Return the separator that splits the lines into the same number of columns, the most of them."""
    counts: dict[str, int] = {}
    for sep in (*SEPARATORS, r"\s+"):
        widths = {len(row) for row in _split(lines, sep)}
        if len(widths) == 1:
            counts[sep] = widths.pop()
    best = max(counts, key=lambda sep: counts[sep], default=",")  # of equals the first
    return best if counts.get(best, 1) > 1 else ","


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first row has names: it is of another kind than the rows below it."""
    if not rows:
        return False
    first, below = rows[0], [row for row in rows[1:] if len(row) == len(rows[0])]
    if any(plain_name(cell) in LABELS for cell in first):
        return True
    if not below:
        return not any(map(is_number, first))
    columns = list(zip(*below, strict=True))
    named = [bool(cell) and not is_number(cell) for cell in first]
    if any(
        name and all(not cell or is_number(cell) for cell in column)
        for name, column in zip(named, columns, strict=True)
    ):
        return True
    counting = [str(number) for number in range(len(first))]
    if list(first) == counting and len(first) > 2:
        return True
    if not first[0] and list(first[1:]) == counting[:-1]:  # as pandas writes a frame without names
        return True
    whole = all(re.fullmatch(r"\d+", cell) for cell in first)  # such as years, above measurements
    return (
        whole
        and len(set(first)) == len(first)
        and all(not any(re.fullmatch(r"[+-]?\d+", cell) for cell in column) for column in columns)
    )
