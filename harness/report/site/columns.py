"""Columns of a board's page: which are shown at first, and how their cells sort."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...core.board import Row
from ...leaderboard.board_columns import BoardColumn, columns_of
from ...leaderboard.columns import ON_SITE, SITE
from ...leaderboard.table_cells import BoardTable, TableCell
from .strip_plot import strip

ASCENDING = (
    "text",
    "k",
    "seconds",
    "status",
)  # kinds that the first click sorts ascending; others descending
CLASSES = {
    "count": "number",
    "seconds": "number",
    "score": "number",
    "interval": "number",
    "versus": "number",
    "status": "text",
}


@dataclass(frozen=True)
class PageCell:
    """The text of a cell, and its sort value; None sorts last, and text sorts as text."""

    text: Any
    sort: float | None = None
    best: bool = False
    bad: bool = False


@dataclass(frozen=True)
class PageColumn:
    """A column: `kind` is text, number, k, flags or strip; `first` is the direction of the first click."""

    title: str
    kind: str
    cells: list[PageCell]
    first: str
    hidden: bool
    note: str
    ranked: bool


def page_columns(table: BoardTable) -> list[PageColumn]:
    """Return the columns of a board, with the metrics shown at first before the others."""
    metrics = table.board.metrics
    main = [metric for metric in metrics if metric.name in ON_SITE] or metrics[:3]
    columns = columns_of(table, SITE, sorted(metrics, key=lambda metric: metric not in main))
    return [
        PageColumn(
            column.title,
            CLASSES.get(column.kind, column.kind),
            _strips(column) if column.kind == "strip" else _cells(column),
            _first(column),
            column.column.hidden or (column.kind == "score" and column.metric not in main),
            _note(column),
            column.kind == "score" and column.title == table.ranking,
        )
        for column in columns
    ]


def failed(row: Row) -> bool:
    """Whether some run failed."""
    return not {"ok", "not-applicable"}.issuperset(row.statuses)


def finite(value: float) -> float | None:
    """Return a number with six decimals for pages, or None."""
    return round(value, 6) if math.isfinite(value) else None


def _first(column: BoardColumn) -> str:
    lower = column.kind == "score" and column.metric is not None and column.metric.direction == "lower"
    return "ascending" if lower or column.kind in ASCENDING else "descending"


def _note(column: BoardColumn) -> str:
    if column.kind == "strip":
        low, high = _scale(column.values)
        return f"{low:.2f} – {high:.2f}"
    if column.kind != "score" or column.metric is None:
        return column.column.note
    notes = ["lower is better"] if column.metric.direction == "lower" else []
    return ", ".join([*notes, *(["embedding-dependent"] if column.metric.own_space else [])])


def _cells(column: BoardColumn) -> list[PageCell]:
    return [
        PageCell(
            value if column.kind == "flags" else text,
            _sort(column, value),
            column.kind == "score" and cell.best,
            _bad(column, cell),
        )
        for cell, value, text in zip(column.cells, column.values, column.marked(_score), strict=True)
    ]


def _score(cell: TableCell, text: str) -> str:
    return text + cell.partial


def _bad(column: BoardColumn, cell: TableCell) -> bool:
    if column.kind == "score":
        return cell.summary is None and failed(cell.row) and not cell.row.runs
    return column.kind == "status" and failed(cell.row)


def _sort(column: BoardColumn, value: Any) -> float | None:
    if value is None or isinstance(value, str):
        return None
    if column.kind == "flags":
        return len(value)
    return finite(value[0] if column.kind == "interval" else value)


def _strips(column: BoardColumn) -> list[PageCell]:
    """Draw the runs of each row, all on one scale, sorted by width."""
    scale = _scale(column.values)
    cells = []
    for scores in column.values:
        drawn = [score for score in scores if math.isfinite(score)]
        width = finite(max(drawn) - min(drawn)) if len(drawn) > 1 else None
        cells.append(PageCell(strip(drawn, *scale, column.metric.name if column.metric else ""), width))
    return cells


def _scale(rows: Sequence[Sequence[float]]) -> tuple[float, float]:
    scores = [score for row in rows for score in row if math.isfinite(score)]
    return min(scores, default=0.0), max(scores, default=1.0)
