"""The cells of a board's table: a row, a metric, and the statistics that columns show of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..core.board import Board, Metric, Row, Summary
from .flags import shared
from .significance import MARK, Marks, marks_of, metric_intervals
from .statistics.intervals import Interval


@dataclass(frozen=True)
class BoardTable:
    """A board, and the statistics of its table: each is computed when a column first shows it.

    Parameters
    ----------
    board : Board
    digits : int
        Decimals of scores.
    whole : Board, optional
        The board whose first rows these are: rows are tested against the best among all of its rows.
    """

    board: Board
    digits: int = 4
    whole: Board | None = None
    _intervals: dict[str, list[Interval | None]] = field(default_factory=dict, repr=False)

    @cached_property
    def marks(self) -> Marks:
        """Which rows cannot be told from the best, by the metric that ranks them."""
        return marks_of(self.whole or self.board)

    @cached_property
    def shared_flags(self) -> frozenset[str]:
        """The flags of every row, which are explained once, outside of the table."""
        return frozenset(shared(self.board.rows))

    def interval(self, metric: str, place: int) -> Interval | None:
        """Return the interval of the row at a place, by any metric."""
        if metric not in self._intervals:
            self._intervals[metric] = metric_intervals(self.board, metric)
        return self._intervals[metric][place]

    def cells(self, metric: Metric | None = None) -> list[TableCell]:
        """Return a cell for each row, with its scores by a metric if one is given."""
        if metric is None:
            return [TableCell(self, row, place) for place, row in enumerate(self.board.rows)]
        return [
            TableCell(
                self,
                row,
                place,
                metric,
                row.scores.get(metric.name),
                [each.value for each in row.values.get(metric.name, ())],
            )
            for place, row in enumerate(self.board.rows)
        ]


@dataclass(frozen=True)
class TableCell:
    """A row of a table; in columns of a metric also its summary and its scores, run by run."""

    table: BoardTable
    row: Row
    place: int
    metric: Metric | None = None
    summary: Summary | None = None
    scores: Sequence[float] = ()

    @property
    def best(self) -> bool:
        """Whether this is the best mean of its metric, by a row all of whose runs finished."""
        if self.metric is None or self.summary is None or not self.row.complete:
            return False
        return self.summary.mean == self.table.board.best.get(self.metric.name)

    @property
    def interval(self) -> Interval | None:
        """The 95% interval of the mean."""
        return self.table.interval(self.metric.name, self.place) if self.metric else None

    @property
    def mark(self) -> str:
        """The mark of rows that cannot be told from the best, by the metric that ranks them."""
        marks = self.table.marks
        ranks = self.metric is not None and self.metric.name == marks.metric
        return f" {MARK}" if ranks and marks.marked[self.place] else ""

    @property
    def partial(self) -> str:
        """How many of the finished runs have a score, if not all of them have."""
        if self.summary is None or self.summary.n == self.row.runs:
            return ""
        return f" ({self.summary.n} of {self.row.runs} runs)"
