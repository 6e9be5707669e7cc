"""A board on the terminal: the columns that fit, best first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.board import Board, protocol_text
from ..leaderboard.board_columns import BoardColumn, columns_of
from ..leaderboard.columns import ON_TERMINAL, TERMINAL
from ..leaderboard.flags import SINGLE, explained
from ..leaderboard.significance import MARK
from ..leaderboard.table_cells import BoardTable, TableCell
from ..leaderboard.text import printable
from .console import table

if TYPE_CHECKING:
    from ..publishing.bundle import Published
    from ..publishing.merge import Merged

NOTES = 20  # so many are shown


def show_board(board: Board) -> None:
    """Print a board's main columns, and what a reader must know of them."""
    many = len(board.metrics) > len(ON_TERMINAL) + 1
    metrics = [metric for metric in board.metrics if metric.name in ON_TERMINAL or not many]
    board_table = BoardTable(board, digits=3)
    columns = columns_of(board_table, TERMINAL, metrics)
    if sys.stdout.isatty():
        columns = _fitting(columns, shutil.get_terminal_size().columns)
    title = f"{board.dataset}, protocol {board.protocol}: {protocol_text(board)}"
    rows = list(zip(*(column.marked(_score) for column in columns), strict=True))
    table([column.title for column in columns], rows, title)
    marks = board_table.marks
    if any(marks.marked):
        click.echo(
            f"{MARK}: not distinguishable from the best {marks.metric}; see harness compare {board.name}."
        )
    for text in _remarks(board, sum(column.kind == "score" for column in columns)):
        click.echo(text)


def show_published(board: Board) -> None:
    """Print the published results that may stand beside a board, apart from its rows."""
    from ..leaderboard.published_results import HEADERS, WARNING, beside, grades

    found, reason = beside(board)
    click.echo()
    if found:
        table(HEADERS, [each.cells for each in found], "Published results")
    click.echo(reason or f"{WARNING} {grades(found)}")


def _fitting(columns: list[BoardColumn], width: int) -> list[BoardColumn]:
    """Leave out the columns that a terminal has no room for, by their rank."""
    for rank in sorted({column.drop for column in columns if column.drop is not None}):
        if sum(map(_width, columns)) <= width:
            break
        columns = [column for column in columns if column.drop != rank]
    return columns


def _width(column: BoardColumn) -> int:
    return max(len(cell.strip("*")) for cell in [column.title, *column.marked(_score)]) + 3


def _score(cell: TableCell, text: str) -> str:
    return (f"**{text}**" if cell.best else text) + cell.mark


def _flag_remarks(board: Board) -> list[str]:
    every, some = explained(board.rows)
    told = [f"Every row: {flag}: {text}." for flag, text in every.items() if flag != SINGLE]
    return [*told, *(f"{name}: {text}." for name, text in some.items())]


def _remarks(board: Board, shown: int) -> list[str]:
    remarks = ["Mean ± sample standard deviation over the seeds."]
    seeded = [row.runs for row in board.rows if not row.deterministic]
    if seeded and max(seeded) == 1:
        remarks.append("Single seed: a single run is no result. Run again with more --seeds.")
    remarks += _flag_remarks(board)
    if any(metric.own_space for metric in board.metrics):
        remarks.append(
            "Silhouette is measured in each encoder's own space: compare it within one encoder only."
        )
    if len(board.metrics) > shown:
        remarks.append(
            f"All {len(board.metrics)} metrics: in the Markdown file, or 'harness leaderboard --format csv'."
        )
    notes = board.row_notes
    more = [f"... and {len(notes) - NOTES} more notes: see the Markdown file."] if len(notes) > NOTES else []
    return [*remarks, *notes[:NOTES], *more]


def say_written(published: Published, folder: Path, changed: int) -> None:
    """Say what a published folder holds now."""
    runs = sum(len(bundle.cells) for bundle in published.bundles.values())
    count = len(published.bundles)
    boards = f"{count} board{'s' * (count != 1)}"
    files = f"{changed} file{'s' * (changed != 1)} changed" if changed else "nothing changed"
    click.echo(f"{boards} of {runs:,} runs in {folder}; {files}.")


def show_site(published: Published, folder: Path, reference: bool) -> None:
    """Write the web pages of published boards, and say where they are."""
    from ..leaderboard.build import load_board
    from ..report.site import write_site

    boards = [load_board(published, name) for name in published.boards()]
    index, *others = write_site(boards, folder, title="Leaderboards", reference=reference)
    click.echo(f"{len(others)} web page{'s' * (len(others) != 1)} beside {index}.")


def show_conflicts(merged: Sequence[Merged], before: str, added: str) -> int:
    """Print where what is added contradicts what was there, and return how often it does."""
    for each in merged:
        counts = each.counts
        click.echo(
            printable(
                f"{each.bundle.name}: {counts['in both']:,} runs are in {before} and in {added}, "
                f"{counts['only in the first']:,} only in {before}, "
                f"{counts['only in the second']:,} only in {added}."
            ),
            err=True,
        )
        for note in each.notes:
            click.echo(printable(f"{each.bundle.name}: {note}"), err=True)
    conflicts = [conflict for each in merged for conflict in each.conflicts]
    if conflicts:
        headers = ["board", "row", "what", "result", "of", "other result", "of", "key"]
        rows = [
            [each.board, each.row, each.what, *chain(*zip(each.values, each.origins, strict=True)), each.key]
            for each in conflicts
        ]
        title = f"{len(rows)} result{'s' * (len(rows) != 1)} of the same key differ{'s' * (len(rows) == 1)}:"
        table(headers, [list(map(printable, row)) for row in rows], title)
    return len(conflicts)
