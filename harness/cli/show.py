"""A board on the terminal: the columns that fit, best first."""

from __future__ import annotations

import shutil
import sys

import click

from ..board import Board, Metric, Row, protocol_text
from ..marks import MARK, Marks, marks_of
from ..render import clusters, k_title, missing, runs, seconds, spread, status
from .console import table

SHORT = ("accuracy", "purity", "nmi", "ari", "silhouette")
NOTES = 20  # so many are shown
SPARE = ("encode s", "cluster s", "silhouette", "purity", "ari", "nmi")  # left out first where space is short


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


def _remarks(board: Board, shown: int) -> list[str]:
    remarks = ["Mean ± sample standard deviation over the seeds."]
    seeded = [row.runs for row in board.rows if not row.deterministic]
    if seeded and max(seeded) == 1:
        remarks.append("Single seed: a single run is no result. Run again with more --seeds.")
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
