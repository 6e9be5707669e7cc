"""Decimal mark and thousands separator of a text table, detected from its cells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .number_cells import GROUPS


@dataclass(frozen=True)
class Marks:
    """The decimal mark; the mark that separates thousands, if that is certain; and what was guessed."""

    decimal: str
    thousands: str = ""
    notes: tuple[str, ...] = ()


def find_marks(cells: Iterable[str], *, sep: str, decimal: str | None = None) -> Marks:
    """Detect the decimal mark. Cells such as ``1,5`` decide it; ``1,234`` alone does not.

    Parameters
    ----------
    cells : iterable of str
    sep : str
        The separator of columns; beside a semicolon, commas are decimal marks.
    decimal : str, optional
        The decimal mark, if it is given.

    Examples
    --------
    >>> find_marks(["1.234", "2,5"], sep=";")
    Marks(decimal=',', thousands='.', notes=())
    >>> find_marks(["1,234"], sep=",").thousands
    ''
    """
    if decimal is not None:
        return Marks(decimal, {",": ".", ".": ","}.get(decimal, ""))
    some = set(cells)
    comma, point = _is_decimal(",", some), _is_decimal(".", some)
    if comma and not point:
        return Marks(",", ".")
    if point:
        return Marks(".", "" if comma else ",")
    commas, points = _has_groups(",", some), _has_groups(".", some)
    if sep == ";" and commas != points:
        mark, other = (",", ".") if commas else (".", ",")
        doubt = f"{mark!r} is read as the decimal mark; if it separates thousands, give decimal={other!r}"
        return Marks(mark, "", (doubt,))
    return Marks(".")


def _is_decimal(mark: str, cells: set[str]) -> bool:
    """Return whether a mark must be the decimal one: 1,5 or 1.234,5 or 1 234,5 or 1.234.567."""
    own, other = re.escape(mark), re.escape("," if mark == "." else ".")
    plain = re.compile(rf"[+-]?\d*{own}\d+([eE][+-]?\d+)?")
    grouped = re.compile(
        rf"[+-]?\d{{1,3}}([{other}{GROUPS}]\d{{3}})+{own}\d+|[+-]?\d{{1,3}}({other}\d{{3}}){{2,}}"
    )
    groups = _groups(mark)
    return any(
        grouped.fullmatch(cell) or (plain.fullmatch(cell) and not groups.fullmatch(cell)) for cell in cells
    )


def _has_groups(mark: str, cells: set[str]) -> bool:
    return any(map(_groups(mark).fullmatch, cells))


def _groups(mark: str) -> re.Pattern[str]:
    return re.compile(rf"[+-]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}")
