"""A board on the terminal: the columns that fit, best first."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.board import Board, Metric, Row, protocol_text
from ..leaderboard.flags import SINGLE, column, explained
from ..leaderboard.significance import MARK, Marks, marks_of
from ..leaderboard.text import clusters, k_title, missing, printable, runs, seconds, spread, status
from .console import table

if TYPE_CHECKING:
    from ..publishing.bundle import Published
    from ..publishing.merge import Merged

SHORT = ("accuracy", "purity", "nmi", "ari", "silhouette")
NOTES = 20  # so many are shown
# Left out first where space is short.
SPARE = ("encode s", "cluster s", "silhouette", "purity", "flags", "ari", "nmi")


def show_board(board: Board) -> None:
    """Print a board's main columns, and what a reader must know of them."""
    many = len(board.metrics) > len(SHORT) + 1
    metrics = [metric for metric in board.metrics if metric.name in SHORT or not many]
    found = marks_of(board)
    columns = {
        "encoder": [row.encoder for row in board.rows],
        "clusterer": [row.clusterer for row in board.rows],
        k_title(board): [clusters(row) for row in board.rows],
        "runs": [runs(row) for row in board.rows],
        **{metric.name: _scores(board, metric, found) for metric in metrics},
        "encode s": [seconds(row.encode_seconds) for row in board.rows],
        "cluster s": [seconds(row.cluster_seconds) for row in board.rows],
        "status": [status(row) for row in board.rows],
        **({"flags": flagged} if (flagged := column(board.rows)) else {}),
    }
    if sys.stdout.isatty():
        _fit(columns, shutil.get_terminal_size().columns)
    title = f"{board.dataset}, protocol {board.protocol}: {protocol_text(board)}"
    table(list(columns), list(zip(*columns.values(), strict=True)), title)
    if any(found.marked):
        click.echo(
            f"{MARK}: not distinguishable from the best {found.metric}; see harness compare {board.name}."
        )
    for text in _remarks(board, sum(metric.name in columns for metric in metrics)):
        click.echo(text)


def show_published(board: Board) -> None:
    """Print the published results that may stand beside a board, apart from its rows."""
    from ..leaderboard.published_results import HEADERS, WARNING, beside, grades

    found, reason = beside(board)
    click.echo()
    if found:
        table(HEADERS, [each.cells for each in found], "Published results")
    click.echo(reason or f"{WARNING} {grades(found)}")


def _fit(columns: dict[str, list[str]], width: int) -> None:
    """Drop the spare columns that a terminal has no room for."""
    for spare in SPARE:
        needed = sum(
            max(len(cell.strip("*")) for cell in [name, *cells]) + 3 for name, cells in columns.items()
        )
        if needed <= width:
            return
        columns.pop(spare, None)


def _scores(board: Board, metric: Metric, found: Marks) -> list[str]:
    texts = [_score(board, metric, row) for row in board.rows]
    return [text + found.mark(metric.name, place) for place, text in enumerate(texts)]


def _score(board: Board, metric: Metric, row: Row) -> str:
    summary = row.scores.get(metric.name)
    text = spread(summary, missing(row), digits=3)
    bold = summary is not None and row.complete and summary.mean == board.best.get(metric.name)
    return f"**{text}**" if bold else text


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
    notes = [f"{row.encoder} + {row.clusterer}: {note}" for row in board.rows for note in row.notes]
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
