"""Numbers as people write them: with separated thousands, units or marks for missing values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .large_numbers import exact_if_rounded
from .precision import EXACT

MISSING = ("?", "-", "--", ".", "*", "missing")  # in addition to those of pandas, in columns of numbers
GROUPS = " \xa0\u2009\u202f'\u2019"  # separate thousands; never decimal marks
_SIGN = r"[+\-\u2212\u2013]"
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_BEFORE = rf"([<>=~≤≥±(]|{_SIGN})*\s*([$€£¥]|[A-Z]{{3}})?\s*{_SIGN}?\s*"
_AFTER = r"\s*([%‰°?)*+\-$€£¥]+|[A-Z]{3})?"
_MARKED = re.compile(rf"{_BEFORE}\d[\d.,{GROUPS}]*([eEdD][+-]?\d+)?{_AFTER}")
_UNIT = re.compile(rf"{_SIGN}?\d+[.,]\d+\s*[a-zA-Zµ°%/²³]{{1,6}}")
_MONTH = (
    r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?"
    r"|nov(ember)?|dec(ember)?)\.?"
)
_DATES = (
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}([ T].*)?",
    r"\d{1,2}:\d{2}(:\d{2}.*)?(\s*[ap]\.?m\.?)?",
    r"(19|20)\d{2}[-/](0?[1-9]|1[0-2])|(0?[1-9]|1[0-2])/(19|20)\d{2}",  # a month
    r"\d{8}T\d{4,6}Z?",
    rf"((mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?\d{{1,2}}(st|nd|rd|th|\.)?[\s\-/]*{_MONTH}([\s\-/,']+\d.*)?",
    rf"((mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?{_MONTH}[\s\-/,']+\d{{1,4}}(st|nd|rd|th)?([\s,:\-].*)?",
)
_DATE = re.compile("|".join(_DATES), re.IGNORECASE)


def is_dated(cell: str) -> bool:
    """Return whether a cell looks like a date or a time of day.

    Examples
    --------
    >>> [is_dated(cell) for cell in ("2024-01-31", "31.1.2024 10:00", "Jan 5, 2024", "10-20", "May")]
    [True, True, True, False, False]
    """
    return bool(_DATE.fullmatch(cell.strip()))


def is_quantity(cell: str) -> bool:
    """Return whether a cell of text is a number in any notation.

    Examples
    --------
    >>> [is_quantity(cell) for cell in ("1.5", "1,234.5", "1.234,5 €", "12 %", "5.1 cm", "<0.1")]
    [True, True, True, True, True, True]
    >>> [is_quantity(cell) for cell in ("P12", "2024-01-31", "10-20", "a1", "1a")]
    [False, False, False, False, False]
    """
    cell = cell.strip()
    if is_dated(cell):
        return False
    return bool(_PLAIN.fullmatch(cell) or _MARKED.fullmatch(cell) or _UNIT.fullmatch(cell))


def mostly_quantities(cells: Iterable[object], most: int = 1000) -> bool:
    """Return whether at least half of the first cells are numbers in any notation."""
    some = [str(cell) for cell, _ in zip(cells, range(most), strict=False)]
    return 2 * sum(map(is_quantity, some)) >= len(some) > 0


def numbers_in(
    column: pd.Series[Any], decimal: str, *, thousands: str = ""
) -> tuple[NDArray[Any], str] | None:
    """Return the numbers of a column of text, and a note on their notation; None if a cell is not a number.

    Parameters
    ----------
    column : Series of str
    decimal : str
        The decimal mark.
    thousands : str
        The thousands separator, if certain; blanks and apostrophes always separate thousands.

    Examples
    --------
    >>> numbers_in(pd.Series(["1.234,5", "7"]), ",", thousands=".")
    (array([1234.5,    7. ]), "thousands separator '.'")
    >>> numbers_in(pd.Series(["1", "?"]), ".")
    (array([ 1., nan]), "'?' read as missing")
    >>> numbers_in(pd.Series(["1,5", "7"]), ".", thousands=",") is None
    True
    """
    text = column.astype(str).str.strip()
    missing = column.isna() | text.isin(MISSING)
    known = text[~missing]
    marks = sorted(set(text[missing & column.notna()]))
    notes = [f"{', '.join(map(repr, marks))} read as missing"] if marks else []
    if known.empty:
        return None
    mark = next((m for m in (thousands, *GROUPS) if m and known.str.contains(m, regex=False).any()), "")
    if mark:
        grouped = rf"[+-]?(\d{{1,3}}({re.escape(mark)}\d{{3}})+|\d+)({re.escape(decimal)}\d*)?"
        if not known.str.fullmatch(grouped).all():
            return None
        known = known.str.replace(mark, "", regex=False)
        notes.append(f"thousands separator {mark!r}")
    plain = known if decimal == "." else known.str.replace(decimal, ".", regex=False)
    points = decimal != "." and known.str.contains(".", regex=False).any()
    if points or not plain.str.fullmatch(_PLAIN).all():
        return None
    return _filled(plain, missing.to_numpy()), "; ".join(notes)


def zero_padded(names: Sequence[str | int], rows: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return columns of digits of which some begin with 0, as codes do, each with such a cell.

    Parameters
    ----------
    names : sequence of str or int
        Of the columns.
    rows : iterable of rows
        Some rows of the table, each as its cells of text, without blanks around them.

    Examples
    --------
    >>> zero_padded(["zip", "width", "share"], [["10001", "07", "0.5"], ["00501", "8.5", "0"]])
    {'zip': '00501'}
    """
    found: dict[str, str] = {}
    for name, cells in zip(names, zip(*rows, strict=False), strict=False):
        if all(not cell or cell.isdecimal() for cell in cells):
            found.update({str(name): cell for cell in cells[::-1] if len(cell) > 1 and cell[0] == "0"})
    return found


def _filled(plain: pd.Series[Any], missing: NDArray[np.bool_]) -> NDArray[Any]:
    """Return texts of plain numbers as whole numbers if all are, else as float64, NaN if missing.

    Whole numbers that float64 would make equal stay Python integers, which are refused later.
    """
    if not missing.any() and plain.str.fullmatch(r"[+-]?\d{1,18}").all():
        return plain.to_numpy(dtype=object).astype(np.int64)
    values = np.full(len(missing), np.nan)
    values[~missing] = plain.to_numpy(dtype=object).astype(np.float64)
    whole = exact_if_rounded(plain) if np.abs(values[~missing]).max() > EXACT else None
    if whole is not None:
        values = np.full(len(missing), np.nan, dtype=object)
        values[~missing] = whole
    return values
