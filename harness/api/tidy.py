"""The rows of boards as tidy values: one mapping for each row and metric."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..core.board import Board
from ..core.errors import BadParameter, suggest
from ..leaderboard.board_columns import columns_of
from ..leaderboard.columns import CSV
from ..leaderboard.table_cells import BoardTable

FIRST = ("mean", "std", "n", "min", "median", "max", "low", "high", "vs_best", "minus_best")
LAST = ("minus_best_low", "minus_best_high")
NUMBERS = tuple(name for name in (*FIRST, *LAST) if name not in ("n", "vs_best"))


def tidy(boards: Sequence[Board], metrics: Sequence[str]) -> list[dict[str, Any]]:
    """Return a mapping for each row and metric, as `Result.leaderboard` describes them.

    Raises
    ------
    BadParameter
        If no board has one of the metrics.
    """
    known = list(dict.fromkeys(metric.name for board in boards for metric in board.metrics))
    for name in metrics:
        if name not in known:
            near = suggest(name, known) if isinstance(name, str) else ""
            raise BadParameter(f"Unknown metric {name!r}.{near} Metrics: {', '.join(known)}.")
    return [row for board in boards for name in metrics for row in _rows(board, name)]


def _rows(board: Board, name: str) -> list[dict[str, Any]]:
    metric = next((each for each in board.metrics if each.name == name), None)
    if metric is None:
        return []
    columns = columns_of(BoardTable(board), CSV, [metric])
    shared = {each.title: each.values for each in columns if each.metric is None}
    own = {each.column.key: each.values for each in columns if each.metric is not None}
    return [
        {
            **{title: _plain(values[place]) for title, values in shared.items()},
            "metric": name,
            **{key: own[key][place] for key in (*FIRST, *LAST)},
        }
        for place in range(len(board.rows))
    ]


def _plain(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else value
