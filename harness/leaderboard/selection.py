"""The part of a board that somebody asks for: some metrics, some rows, the first few."""

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
    """Return a board of the metrics in their order, and of the rows; all that is not given stays.

    The first of the metrics that compares with the classes ranks the rows. The best score and what is said
    of rows against the best row stay those among all rows.

    Parameters
    ----------
    board : Board
    metrics : sequence of str
    rows : sequence of str
        Patterns of ``encoder + clusterer`` in which ``*`` stands for anything; a row has to match one.
    top : int, optional
        How many rows, from the first on.

    Raises
    ------
    HarnessError
        When a metric is not there, or no row matches.
    """
    if metrics:
        chosen = [find_metric(board, name) for name in dict.fromkeys(metrics)]
        board = replace(board, metrics=chosen, rows=ranked_rows(board.rows, chosen))
    kept = [row for row in board.rows if not rows or any(fnmatchcase(title(row), each) for each in rows)]
    if not kept and board.rows:
        raise HarnessError(
            f"Board {board.name} has no row like {' or '.join(map(repr, rows))}. Write 'encoder + clusterer' "
            f"with * for anything, as --rows '* + {board.rows[0].clusterer}'."
        )
    return replace(board, rows=kept[:top], among=board.rows)
