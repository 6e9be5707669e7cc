"""A board on the terminal: the columns that fit, best first."""

from __future__ import annotations

import json
from typing import Any

import click

from ..leaderboard import Board, Metric, best, protocol_text
from ..render import clusters, missing, runs, seconds, spread, status, to_json
from .console import table

SHORT = ("accuracy", "purity", "nmi", "ari", "silhouette")


def show_board(board: Board) -> None:
    """Print a board's main columns, and what a reader must know of them."""
    shown = [metric for metric in board.metrics if metric.name in SHORT] or board.metrics[:5]
    headers = [
        "encoder",
        "clusterer",
        "K",
        "runs",
        *(metric.name for metric in shown),
        "encode s",
        "cluster s",
    ]
    rows = []
    for row in board.rows:
        scores = [_score(board, metric, row) for metric in shown]
        times = [seconds(row.encode_seconds), seconds(row.cluster_seconds)]
        rows.append([row.encoder, row.clusterer, clusters(row), runs(row), *scores, *times, status(row)])
    table([*headers, "status"], rows, f"{board.dataset}, protocol {board.protocol}: {protocol_text(board)}")
    for text in _remarks(board, len(shown)):
        click.echo(text)


def _score(board: Board, metric: Metric, row: Any) -> str:
    summary = row.scores.get(metric.name)
    text = spread(summary, missing(row))
    bold = summary is not None and row.complete and summary.mean == best(board, metric)
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
    for row in board.rows:
        remarks += [f"{row.encoder} + {row.clusterer}: {note}" for note in row.notes]
    return remarks


def as_dict(board: Board) -> dict[str, Any]:
    """Return the board as plain JSON values."""
    found: dict[str, Any] = json.loads(to_json(board))
    return found
