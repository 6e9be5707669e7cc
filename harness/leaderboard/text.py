"""Pieces of text shared by all formats of a board."""

from __future__ import annotations

import html
import math
from unicodedata import category

from ..core.board import Board, Row, Summary


def number(value: float, digits: int = 4) -> str:
    """Format a number with four decimals, or one decimal from 100.

    Examples
    --------
    >>> number(0.48279), number(1234.56)
    ('0.4828', '1234.6')
    """
    return f"{value:.{digits}f}" if abs(value) < 100 else f"{value:.1f}"


def spread(summary: Summary | None, missing: str = "–", digits: int = 4, error: float | None = None) -> str:
    """Format mean ± standard deviation, or only the mean for a single run.

    The standard error of a mean that is estimated from a sample of rows is marked as such.

    Examples
    --------
    >>> spread(Summary.of([0.5, 0.6]))
    '0.5500 ± 0.0707'
    >>> spread(Summary.of([0.5, 0.6]), error=0.001), spread(Summary.of([0.5]), error=0.001)
    ('0.5500 ± 0.0707 (± 0.0010 est.)', '0.5000 ± 0.0010 est.')
    """
    if summary is None:
        return missing
    deviation = "" if summary.std is None else f" ± {number(summary.std, digits)}"
    estimated = "" if error is None else f"± {standard_error(error, digits)} est."
    if deviation and estimated:
        estimated = f"({estimated})"
    return number(summary.mean, digits) + deviation + (estimated and f" {estimated}")


def standard_error(error: float, digits: int) -> str:
    """Format a standard error; one that would round to 0 has the digits that show it.

    Examples
    --------
    >>> standard_error(0.00123, 3), standard_error(0.000023, 3), standard_error(0.0, 3)
    ('0.001', '0.00002', '0.000')
    """
    if 0 < error < 0.5 * 10**-digits:
        digits = -math.floor(math.log10(error))
    return number(error, digits)


def mean(summary: Summary | None, digits: int = 4, error: float | None = None) -> str:
    """Format only the mean, and whether it is estimated.

    Examples
    --------
    >>> mean(Summary.of([0.5, 0.6]), 3), mean(Summary.of([0.5, 0.6]), 3, 0.001)
    ('0.550', '0.550 est.')
    """
    if summary is None:
        return "–"
    return number(summary.mean, digits) + ("" if error is None else " est.")


def extent(summary: Summary | None) -> str:
    """Format the lowest and highest value, or a dash for a single run."""
    return f"{number(summary.min)} – {number(summary.max)}" if summary and summary.n > 1 else "–"


def clusters(row: Row) -> str:
    """Format K and its origin, and the number of clusters found if it differs.

    An estimated K is shown as mean and range over the runs, and how many chose the end of their range.
    """
    if row.clusters is None:
        return row.k or "–"
    low, high = row.clusters.min, row.clusters.max
    found = f"{low:.0f}" if low == high else f"{row.clusters.mean:.1f} [{low:.0f}, {high:.0f}]"
    if row.k.startswith(f"{found} "):
        return row.k
    if row.k != "estimated":
        return f"{row.k}, {found} found"
    return f"{found} {row.k}" + (f", {row.at_edge} at edge" if row.at_edge else "")


def runs(row: Row) -> str:
    """Format the number of finished runs, of how many, or that the pipeline is deterministic."""
    total = sum(row.statuses.values())
    count = str(total) if row.runs == total else f"{row.runs} of {total}"
    if not row.deterministic:
        return count
    return "deterministic" if count == "1" else f"{count} (deterministic)"


def status(row: Row) -> str:
    """Format the statuses of the cells of a row."""
    if row.complete:
        return "ok"
    return ", ".join(f"{count} {name}" for name, count in sorted(row.statuses.items()))


def seconds(summary: Summary | None) -> str:
    """Format mean seconds per fit."""
    return "–" if summary is None else f"{summary.mean:.2f}"


def brief(seconds: float | None) -> str:
    """Write seconds with two significant digits, or whole ones from 10 up.

    Examples
    --------
    >>> brief(0.0123), brief(5.96), brief(1234.5), brief(0.0), brief(None)
    ('0.012', '6.0', '1,234', '0.00', '–')
    """
    if seconds is None:
        return "–"
    digits = 1 - math.floor(math.log10(seconds)) if seconds > 0 else 2
    return f"{seconds:,.{max(0, digits) if seconds < 10 else 0}f}"


def missing(row: Row) -> str:
    """Format a missing score: the row's status, never 0 and never a gap."""
    return "–" if row.runs else next(iter(row.statuses))


def printable(text: str) -> str:
    """Return a text without line breaks and control characters for a terminal.

    Examples
    --------
    >>> printable("a" + chr(27) + "[31mb")
    'a[31mb'
    """
    if text.isprintable():
        return text
    return "".join(each for each in text if category(each) not in ("Zl", "Zp") and category(each)[0] != "C")


def escape(text: str) -> str:
    """Escape a name or an error for Markdown: no table cell, tag, link, line or bold text.

    Examples
    --------
    >>> escape("a|b <i>")
    'a\\\\|b &lt;i&gt;'
    """
    text = html.escape(printable(" ".join(text.split())), quote=False)
    for sign in ("|", "`", "**", "]("):
        text = text.replace(sign, "".join(f"\\{each}" for each in sign))
    return text


def k_title(board: Board) -> str:
    """Return the heading of the column of K, with the number of classes if there are classes."""
    return f"K ({board.data.classes} classes)" if board.data.classes else "K"
