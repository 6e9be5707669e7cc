"""The best row without prior knowledge of class sizes, named if a row with it leads."""

from __future__ import annotations

from ..core.board import Row, ranking
from .statistics.differences import title
from .table_cells import BoardTable
from .text import spread

BALANCED = "balanced"  # the flag


def unaided(table: BoardTable) -> str:
    """Name the best row that does not prefer clusters of equal size, if the best row of all does.

    Return nothing if the best row assumes no class sizes, or no other row has all its runs.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> unaided(SimpleNamespace(board=SimpleNamespace(metrics=[], rows=[])))
    ''
    """
    metric = ranking(table.board.metrics)
    if metric is None:
        return ""
    cells = [cell for cell in table.cells(metric) if cell.summary is not None and cell.row.complete]
    leads = [cell for cell in cells if cell.best]
    others = [cell for cell in cells if not (_knows_sizes(cell.row) or cell.row.imported)]
    if not leads or not others or not all(_knows_sizes(cell.row) for cell in leads):
        return ""
    sign = -1 if metric.direction == "lower" else 1
    best = max(others, key=lambda cell: sign * cell.summary.mean if cell.summary else 0.0)
    score = spread(best.summary, digits=table.digits)
    return f"Best row without prior knowledge of class sizes: {title(best.row)}, {metric.name} {score}"


def _knows_sizes(row: Row) -> bool:
    return any(flag.partition(":")[0] == BALANCED for flag in row.prior)
