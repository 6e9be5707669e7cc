"""The answer of a leaderboard: the best row, and how many others are not significantly worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...core.counts import counted
from ...leaderboard.columns import leading, seconds_of
from ...leaderboard.table_cells import BoardTable, TableCell
from ...leaderboard.text import brief, number, spread
from ...leaderboard.unaided import unaided


@dataclass(frozen=True)
class Answer:
    """The best mean of a leaderboard: what it is of, by which rows, and how others stand to it.

    Parameters
    ----------
    metric, score, spread : str
        Name of the metric, its best mean, and the same with its deviation.
    leads : list of str
        The rows that have it.
    seconds : str
        Of the first of them.
    rest : str
        How many rows cannot be told from it, and the fastest of them; empty if nothing is known.
    without : str
        The best row without prior knowledge of class sizes, if the best row has it.
    """

    metric: str
    score: str
    spread: str
    leads: list[str]
    seconds: str
    rest: str
    without: str = ""

    @property
    def lead(self) -> str:
        """The rows that lead, the first two by name."""
        more = len(self.leads) - 2
        return " and ".join(self.leads[:2]) + (f" and {more} more" if more > 0 else "")


def answer_of(table: BoardTable) -> Answer | None:
    """Return the answer of a leaderboard, or None where rows have no best mean."""
    board, first = table.board, leading(table.board)
    best = board.best.get(first.name) if first else None
    if first is None or best is None:
        return None
    cells = table.cells(first)
    leads = [cell for cell in cells if cell.best]
    if not leads:
        return None
    open_ = [cell for cell in cells if cell.versus and cell.versus.answer in ("?", "equal")]
    return Answer(
        first.name,
        number(best, table.digits),
        spread(leads[0].summary, digits=table.digits, error=leads[0].error),
        [f"{cell.row.encoder} + {cell.row.clusterer}" for cell in leads],
        brief(seconds_of(leads[0].row)),
        _rest(open_) if open_ else _all_worse(cells, len(leads)),
        unaided(table),
    )


def _all_worse(cells: Sequence[TableCell], leads: int) -> str:
    """Say that all other rows are worse, if each of them was compared."""
    others = len(cells) - leads
    worse = sum(cell.versus is not None and cell.versus.answer == "worse" for cell in cells)
    if not others or worse < others:
        return ""
    return (
        f"All {others:,} other rows are significantly worse"
        if others > 1
        else "The other row is significantly worse"
    )


def _rest(cells: Sequence[TableCell]) -> str:
    text = f"{counted(len(cells), 'other row')} {'is' if len(cells) == 1 else 'are'} not significantly worse"
    timed = [(found, cell.row) for cell in cells if (found := seconds_of(cell.row)) is not None]
    if not timed:
        return text
    seconds, row = min(timed, key=lambda each: each[0])
    which = ":" if len(cells) == 1 else ", the fastest"
    return f"{text}{which} {row.encoder} + {row.clusterer} ({brief(seconds)} s)"
