"""Select a part of a board: some metrics, some rows, the first few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from ..core.board import Board
from ..core.errors import HarnessError
from .build import ranked_rows
from .statistics.comparison import find_metric
from .statistics.differences import title


def select(
    board: Board, metrics: Sequence[str] = (), *, rows: Sequence[str] = (), top: int | None = None
) -> Board:
    """Return a board with the given metrics, in their order, and rows; the rest stays.

    The first metric that uses the classes ranks the rows. The best score and the answers
    against the best row stay those among all rows.

    Parameters
    ----------
    board : Board
    metrics : sequence of str
    rows : sequence of str
        Patterns of ``encoder + clusterer`` in which ``*`` stands for anything; a row has to match one.
    top : int, optional
        Number of rows, from the first.

    Raises
    ------
    HarnessError
        If a metric is missing, or no row matches.
    """
    if metrics:
        chosen = [find_metric(board, name) for name in dict.fromkeys(metrics)]
        board = replace(board, metrics=chosen, rows=ranked_rows(board.rows, chosen))
    kept = [row for row in board.rows if not rows or any(fnmatchcase(title(row), each) for each in rows)]
    if not kept and board.rows:
        raise HarnessError(
            f"Leaderboard {board.name} has no row like {' or '.join(map(repr, rows))}. Give 'encoder + "
            f"clusterer' with * for anything, e.g. --rows '* + {board.rows[0].clusterer}'."
        )
    return replace(board, rows=kept[:top], among=board.rows)
