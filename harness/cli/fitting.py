"""Tables that fit a terminal: columns give way by their rank, and those left out are named."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass

PADDING = 3  # of each column


@dataclass(frozen=True)
class Fitted:
    """A column of a table: `drop` ranks what a narrow terminal goes without, the lowest first."""

    title: str
    cells: Sequence[str]
    drop: int | None = None

    @property
    def width(self) -> int:
        """How many characters it takes."""
        return max(len(cell.strip("*")) for cell in [self.title, *self.cells]) + PADDING


def fitting(columns: Sequence[Fitted], width: int | None = None) -> tuple[list[Fitted], str]:
    """Return the columns that a terminal has room for, and a remark that names the others.

    Without a terminal all fit.

    Parameters
    ----------
    columns : sequence of Fitted
    width : int, optional
        Of the terminal, found out by default.

    Examples
    --------
    >>> kept, remark = fitting([Fitted("a", ["1"]), Fitted("long", ["2" * 80], drop=1)], 80)
    >>> [each.title for each in kept], remark
    (['a'], 'Not shown, as the terminal is 80 columns wide: long.')
    """
    if width is None:
        if not sys.stdout.isatty():
            return list(columns), ""
        width = shutil.get_terminal_size().columns
    kept = list(columns)
    for rank in sorted({each.drop for each in columns if each.drop is not None}):
        if sum(each.width for each in kept) <= width:
            break
        kept = [each for each in kept if each.drop != rank]
    gone = list(dict.fromkeys(each.title for each in columns if each not in kept))
    return kept, f"Not shown, as the terminal is {width} columns wide: {', '.join(gone)}." if gone else ""
