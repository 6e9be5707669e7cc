"""Tables that fit a terminal: columns are dropped by rank, and dropped ones are named."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

PADDING = 3  # of each column
EDGE = 1  # of the table
NAME = 20  # characters to which a name is folded if room is scarce


@dataclass(frozen=True)
class Fitted:
    """A column of a table, and how it shrinks on a narrow terminal.

    Parameters
    ----------
    title : str
    cells : sequence of str
    drop : int, optional
        Rank at which the column is dropped, lowest first; None is never dropped.
    short : sequence of str, optional
        Short forms of the cells: numbers without their spread.
    shorten : int, optional
        Rank at which the short forms replace the cells, as in `drop`.
    folds : bool
        Whether cells may wrap to several lines: names may, numbers never do.
    """

    title: str
    cells: Sequence[str]
    drop: int | None = None
    short: Sequence[str] | None = None
    shorten: int | None = None
    folds: bool = False

    @property
    def width(self) -> int:
        """Width in characters."""
        widest = max(len(cell.strip("*")) for cell in [self.title, *self.cells])
        return (min(widest, NAME) if self.folds else widest) + PADDING


def fitting(columns: Sequence[Fitted], width: int | None = None) -> tuple[list[Fitted], str]:
    """Return the columns that fit a terminal, and a remark that names what is missing.

    Without a terminal all fit.

    Parameters
    ----------
    columns : sequence of Fitted
    width : int, optional
        Width of the terminal (default: detected).

    Examples
    --------
    >>> kept, remark = fitting([Fitted("a", ["1"]), Fitted("long", ["2" * 80], drop=1)], 80)
    >>> [each.title for each in kept], remark
    (['a'], 'Not shown, since the terminal is 80 columns wide: long.')
    """
    if width is None:
        if not sys.stdout.isatty():
            return list(columns), ""
        width = shutil.get_terminal_size().columns
    kept, shortened = list(columns), []
    ranks = {rank for each in columns for rank in (each.drop, each.shorten) if rank is not None}
    for rank in sorted(ranks):
        if sum(each.width for each in kept) + EDGE <= width:
            break
        kept = [each for each in kept if each.drop != rank]
        for n, each in enumerate(kept):
            if each.shorten == rank and each.short is not None:
                kept[n] = replace(each, cells=each.short)
                shortened.append(each.title)
    left = [each.title for each in kept]
    gone = [title for title in dict.fromkeys(each.title for each in columns) if title not in left]
    told = [", ".join(gone)] if gone else []
    if shortened := [title for title in shortened if title in left]:
        told.append(f"the spread of {', '.join(shortened)}")
    return kept, f"Not shown, since the terminal is {width} columns wide: {'; '.join(told)}." if told else ""
