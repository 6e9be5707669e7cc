"""Columns of one board in one output: headings, and the values and texts of their cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from ..core.board import Metric
from .columns import COLUMNS, CSV, DROPPED, JSON, MARKDOWN, PROGRAMS, TERMINAL, Column, Kind, Output
from .table_cells import BoardTable, TableCell
from .text import k_title, number


@dataclass(frozen=True)
class BoardColumn:
    """A column of a board in one output, for one metric if it is a column of metrics."""

    column: Column
    title: str
    cells: Sequence[TableCell]
    metric: Metric | None = None

    @property
    def kind(self) -> Kind:
        """The kind of its content: see `Column`."""
        return self.column.kind

    @property
    def drop(self) -> int | None:
        """The rank at which a narrow terminal drops it."""
        if self.column.drop is not None or self.metric is None:
            return self.column.drop
        return DROPPED.get(self.metric.name)

    @property
    def values(self) -> list[Any]:
        """The plain value of each cell."""
        return [self.column.value(cell) for cell in self.cells]

    @property
    def texts(self) -> list[str]:
        """The text of each cell."""
        return list(map(self.column.text or self._text, self.cells))

    def marked(self, text: Callable[[TableCell, str], str]) -> list[str]:
        """Return the texts; scores as formatted by `text`: in bold, marked."""
        if self.kind != "score":
            return self.texts
        return [text(cell, score) for cell, score in zip(self.cells, self.texts, strict=True)]

    def _text(self, cell: TableCell) -> str:
        """Format a value for which the column has no format."""
        value = self.column.value(cell)
        digits = cell.table.digits
        if value is None:
            return "–"
        if self.kind == "interval":
            return " – ".join(number(end, digits) for end in value)
        if self.kind == "flags":
            return ", ".join(value)
        return number(value, digits) if isinstance(value, float) else str(value)


def columns_of(
    table: BoardTable, output: Output, metrics: Sequence[Metric] | None = None
) -> list[BoardColumn]:
    """Return the columns of a board that an output shows, in order.

    Parameters
    ----------
    table : BoardTable
    output : Output
        One of them.
    metrics : sequence of Metric, optional
        Metrics to show, in this order (default: all of the board).
    """
    metrics = table.board.metrics if metrics is None else metrics
    columns: list[BoardColumn] = []
    for of_metrics, group in groupby(arranged(output), key=lambda column: column.metrics is not None):
        entries = list(group)
        if not of_metrics:
            columns += [BoardColumn(each, _title(table, each, output), table.cells()) for each in entries]
        for metric in metrics if of_metrics else ():
            cells = table.cells(metric)
            columns += [
                BoardColumn(each, _title(table, each, output, metric), cells, metric)
                for each in entries
                if (output in PROGRAMS and not each.sparse)
                or (each.metrics and each.metrics(table.board, metric))
            ]
    return [each for each in columns if output in PROGRAMS or each.kind != "flags" or any(each.values)]


@cache
def arranged(output: Output) -> tuple[Column, ...]:
    """Return the entries of `COLUMNS` that an output shows, in its order."""
    columns: list[Column] = []
    for each in COLUMNS:
        if output in each.outputs:
            names = [column.name for column in columns]
            place = names.index(each.before[output]) if output in each.before else len(columns)
            columns.insert(place, each)
    return tuple(columns)


def _title(table: BoardTable, column: Column, output: Output, metric: Metric | None = None) -> str:
    if output == JSON:
        return column.json_key
    if output in PROGRAMS:
        return f"{metric.name}_{column.key}" if output == CSV and metric is not None else column.key
    if column.kind == "k" and output in MARKDOWN | TERMINAL:
        return k_title(table.board)
    return metric.name if metric is not None and column.kind == "score" else column.name
