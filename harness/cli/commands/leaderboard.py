"""`harness leaderboard`: leaderboards from the store, in several formats."""

from __future__ import annotations

from pathlib import Path

import click

from ...leaderboard.build import load_board
from ...leaderboard.formats import FORMATS
from ...leaderboard.selection import select
from ..board_table import show_board, show_published
from ..options import open_store, store_option


@click.command()
@click.argument("names", nargs=-1, metavar="[DATASET.PROTOCOL]...")
@click.option(
    "-m",
    "--metric",
    "metrics",
    multiple=True,
    help="Metric to show; the first ranks the rows. May be repeated.",
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Show only the first N rows.")
@click.option(
    "--rows",
    multiple=True,
    metavar="'ENCODER + CLUSTERER'",
    help="Show only matching rows; * matches anything, e.g. 'pca* + *'. May be repeated.",
)
@click.option("--format", "fmt", type=click.Choice(["table", *FORMATS]), default="table", show_default=True)
@click.option("--notes", is_flag=True, help="Print the notes of every row instead of one of each kind.")
@click.option(
    "--reference", is_flag=True, help="Also show results from the literature, in a separate section."
)
@store_option
def command(
    names: tuple[str, ...],
    metrics: tuple[str, ...],
    top: int | None,
    rows: tuple[str, ...],
    fmt: str,
    notes: bool,
    reference: bool,
    store: Path,
) -> None:
    """Print the named leaderboards, or all of them."""
    with open_store(store) as opened:
        boards = [
            select(load_board(opened, name), metrics, rows=rows, top=top) for name in names or opened.boards()
        ]
    if fmt != "table":
        click.echo(FORMATS[fmt](*boards, reference=reference), nl=False)
        return
    for board in boards:
        show_board(board, chosen=bool(metrics), notes=notes)
        if reference:
            show_published(board)
