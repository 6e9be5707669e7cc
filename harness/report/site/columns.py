"""Columns of a board's page: which are shown at first, and how their cells sort."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...core.board import Metric, Row
from ...leaderboard.board_columns import BoardColumn, columns_of
from ...leaderboard.columns import ON_SITE, SITE
from ...leaderboard.table_cells import BoardTable, TableCell
from .strip_plot import strip

ASCENDING = ("text", "k", "seconds", "status")  # sorted so by the first click, other kinds the other way
NUMBERS = ("count", "seconds", "score", "interval", "versus")
BRIEF = {"estimated": "est.", "default": "def."}
EMPTY = ("–", "", "ok")  # a column of these alone tells nothing


@dataclass(frozen=True)
class PageCell:
    """The text of a cell, and its sort value; None sorts last, and text sorts as text."""

    text: Any
    sort: float | None = None
    best: bool = False
    bad: bool = False


@dataclass(frozen=True)
class PageColumn:
    """A column of a page.

    Parameters
    ----------
    title : str
    kind : {"text", "number", "k", "flags", "strip"}
    cells : list of PageCell
    first : {"ascending", "descending"}
        The direction of the first click.
    hidden : bool
        Whether it is shown only when it is picked; the page then makes it of plain values.
    note : str
        Small print under the title.
    ranked : bool
        Whether rows are sorted by it at first.
    narrow : bool
        Whether it is shown where there is room for four columns only.
    """

    title: str
    kind: str
    cells: list[PageCell]
    first: str
    hidden: bool
    note: str
    ranked: bool
    narrow: bool

    @property
    def plain(self) -> dict[str, Any]:
        """A hidden column as plain values, from which the page makes it when it is picked."""
        return {
            "title": self.title,
            "text": self.kind == "text",
            "right": self.kind in ("number", "k"),
            "first": self.first,
            "note": self.note,
            "texts": [cell.text for cell in self.cells],
            "sorts": [cell.sort for cell in self.cells],
            "best": [n for n, cell in enumerate(self.cells) if cell.best],
            "bad": [n for n, cell in enumerate(self.cells) if cell.bad],
        }


def page_columns(table: BoardTable) -> list[PageColumn]:
    """Return the columns of a board, with the metrics shown at first before the others."""
    metrics = table.board.metrics
    main = [metric for metric in metrics if metric.name in ON_SITE] or metrics[:3]
    columns = columns_of(table, SITE, sorted(metrics, key=lambda metric: metric not in main))
    made = [
        PageColumn(
            column.title,
            "number" if column.kind in NUMBERS else "text" if column.kind == "status" else column.kind,
            _strips(column) if column.kind == "strip" else _cells(column),
            _first(column),
            column.column.hidden or _idle(column, main),
            _note(column),
            ranked := column.kind == "score" and column.title == table.ranking,
            ranked or column.kind in ("versus", "seconds"),
        )
        for column in columns
    ]
    return [each for n, each in enumerate(made) if n < 2 or _tells(each)]


def _idle(column: BoardColumn, main: Sequence[Metric]) -> bool:
    """Return whether a column waits to be picked: other metrics, and the status where nothing failed."""
    if column.kind == "status":
        return not any(failed(cell.row) for cell in column.cells)
    return column.kind == "score" and column.metric not in main


def _tells(column: PageColumn) -> bool:
    return not column.cells or any(cell.text not in EMPTY for cell in column.cells)


def failed(row: Row) -> bool:
    """Return whether some run failed."""
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
    shorter = SHORTER.get(column.title)
    texts = column.marked(_score) if shorter is None else [shorter(cell.row) for cell in column.cells]
    return [
        _cell(column, cell, value, text)
        for cell, value, text in zip(column.cells, column.values, texts, strict=True)
    ]


def _cell(column: BoardColumn, cell: TableCell, value: Any, text: str) -> PageCell:
    sort = _sort(column, value)
    same = sort is not None and text == f"{sort:g}"  # pages need not hold a number twice
    return PageCell(
        value if column.kind == "flags" else text,
        None if same else sort,
        column.kind == "score" and cell.best,
        _bad(column, cell),
    )


def _runs(row: Row) -> str:
    """Write how many runs finished, of how many; the opened row adds which are deterministic."""
    total = sum(row.statuses.values())
    return str(total) if row.runs == total else f"{row.runs} of {total}"


def _k(row: Row) -> str:
    """Write K in short: its origin unless it was given, and what was found if that is another number."""
    if row.clusters is None:
        return row.k or "–"
    found, (number, _, how) = f"{round(row.clusters.mean, 1):g}", row.k.rpartition(" ")
    if how != "given":
        return f"{found} {BRIEF.get(how, how)}"
    return number if number == found else f"{number}, {found} found"


SHORTER: Mapping[str, Callable[[Row], str]] = {"runs": _runs, "K": _k}


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
