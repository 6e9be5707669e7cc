"""Cells of a board's table: a row, a metric, and their statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..core.board import Board, Metric, Row, Summary, ranking
from .flags import shared
from .statistics.intervals import Interval, interval
from .statistics.samples import Sample
from .statistics.versus_best import MARGIN, Versus, versus_best


@dataclass(frozen=True)
class BoardTable:
    """A board and the statistics of its table, each computed when first shown.

    Parameters
    ----------
    board : Board
    digits : int
        Decimals of scores.
    margin : float
        Margin of practical equality with the best row, in units of the metric.
    """

    board: Board
    digits: int = 4
    margin: float = MARGIN
    _versus: dict[str, list[Versus] | None] = field(default_factory=dict, repr=False)

    @property
    def ranking(self) -> str:
        """The metric that ranks the rows, or nothing."""
        metric = ranking(self.board.metrics)
        return "" if metric is None else metric.name

    def versus(self, metric: str) -> list[Versus] | None:
        """Compare each row with the best by a metric; None if the metric ranks no rows."""
        if metric not in self._versus:
            known = next((each for each in self.board.metrics if each.name == metric), None)
            found = None if known is None else versus_best(self.board, known, self.margin)
            by_row = dict(zip(map(id, self.board.whole), found or (), strict=False))
            self._versus[metric] = None if found is None else [by_row[id(row)] for row in self.board.rows]
        return self._versus[metric]

    @cached_property
    def shared_flags(self) -> frozenset[str]:
        """The flags of every row, explained once, outside the table."""
        return frozenset(shared(self.board.rows))

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
    """A row of a table; in columns of a metric also its summary and its scores by run."""

    table: BoardTable
    row: Row
    place: int
    metric: Metric | None = None
    summary: Summary | None = None
    scores: Sequence[float] = ()

    @property
    def best(self) -> bool:
        """Whether this is the best mean of its metric, among rows whose runs all finished."""
        if self.metric is None or self.summary is None or not self.row.complete:
            return False
        return self.summary.mean == self.table.board.best.get(self.metric.name)

    @property
    def error(self) -> float | None:
        """The standard error of a mean that is estimated from a sample of rows."""
        return self.row.standard_errors.get(self.metric.name) if self.metric else None

    @cached_property
    def interval(self) -> Interval | None:
        """The 95% interval of the mean."""
        return interval(Sample(self.row.values.get(self.metric.name, ()))) if self.metric else None

    @property
    def versus(self) -> Versus | None:
        """The comparison of the row with the best."""
        answers = self.table.versus(self.metric.name) if self.metric else None
        return answers[self.place] if answers else None

    @property
    def partial(self) -> str:
        """The number of finished runs with a score, if not all."""
        if self.summary is None or self.summary.n == self.row.runs:
            return ""
        return f" ({self.summary.n} of {self.row.runs} runs)"
