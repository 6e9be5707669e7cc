"""The leaderboard of a suite on the terminal: the columns that fit, best method first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..core.board import Board
from ..core.suite import Suite
from ..leaderboard.suite.suite_board import SuiteBoard
from ..leaderboard.suite.suite_columns import (
    SuiteText,
    encoder_note,
    failures,
    pivot_texts,
    summary_texts,
)
from ..leaderboard.suite.suite_markdown import headline, other_means
from ..leaderboard.suite.suite_notes import listed
from .console import note, table
from .fitting import Fitted, fitting


def show_suite(board: SuiteBoard, *more: SuiteBoard, pivot: bool = False) -> None:
    """Print the summary of a suite's methods, and methods by datasets if requested.

    Parameters
    ----------
    board : SuiteBoard
    *more : SuiteBoard
        The same suite by other metrics, of which only the means are shown.
    pivot : bool
        Whether to print the score of each method on each dataset.
    """
    first, *lines = headline(board)
    columns = summary_texts(board)
    columns[2:2] = other_means(board, more)[1:]
    shown, left_out = _show(columns, first)
    notes = [text for text in board.notes if _explains(text, shown)]
    for text in [*lines, *notes, *encoder_note(board), *_failed(board), *left_out]:
        note(f"{text.rstrip('.')}.")
    if pivot:
        _show_pivot(board)
    else:
        note("Methods by datasets: --pivot, or --format markdown.")


def end_suite(suite: Suite, boards: Sequence[Board], out: Path) -> None:
    """Print the leaderboard of a suite that has just been run, and write its page."""
    from ..core.files import write_whole
    from ..leaderboard.suite.build_suite import suite_boards
    from ..leaderboard.suite.suite_markdown import suite_markdown
    from ..publishing.unpublished import suite_path

    found = suite_boards(suite, boards)
    show_suite(*found)
    path = suite_path(out, suite.name)
    write_whole(path, suite_markdown(*found), "Computed stages are kept; run the command again.")
    note(f"Wrote {path}.")


def _show_pivot(board: SuiteBoard) -> None:
    """Print a table for each battery, of the methods that fit."""
    left_out: list[str] = []
    for group in board.groups_of_datasets:
        places = [n for n, column in enumerate(board.columns) if column.group == group]
        _, remark = _show(pivot_texts(board, places), group or board.suite.name)
        left_out = left_out or remark
    for text in [f"Mean {board.metric.name} over seeds; bold: best of the dataset.", *left_out]:
        note(text)


def _explains(text: str, shown: Sequence[str]) -> bool:
    """Return whether a note is on columns that are shown, or on none in particular."""
    about = text.partition(" ")[0].rstrip(":").lower()
    return about not in ("win/tie/loss", "within") or any(title.startswith(about) for title in shown)


def _show(columns: Sequence[SuiteText], heading: str) -> tuple[list[str], list[str]]:
    """Print a table; return the titles shown, and a remark on those that a terminal has no room for."""
    fitted = [
        Fitted(
            each.title,
            [f"**{text}**" if best else text for text, best in zip(each.texts, each.best, strict=True)],
            each.drop,
            folds=not each.numeric,
        )
        for each in columns
    ]
    kept, left_out = fitting(fitted)
    rows = list(zip(*(each.cells for each in kept), strict=True))
    table([each.title for each in kept], rows, heading, wraps=("method", "dataset", "flags"))
    return [each.title for each in kept], [f"{left_out} --format markdown has all."] if left_out else []


def _failed(board: SuiteBoard) -> list[str]:
    """Return which method failed where, and why."""
    return [f"Failed: {name}, {reason}: {listed(datasets)}" for name, reason, datasets in failures(board)]
