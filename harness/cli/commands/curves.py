"""`harness curves`: the curves of K selection, so that readers can judge the choice."""

from __future__ import annotations

from pathlib import Path

import click

from ...core.errors import HarnessError
from ...leaderboard.build import load_board
from ...leaderboard.k_curves import tables
from ..console import table
from ..options import open_store, store_option


@click.command()
@click.argument("names", nargs=-1, metavar="[DATASET.PROTOCOL]...")
@store_option
def command(names: tuple[str, ...], store: Path) -> None:
    """Print a table per encoder of the named boards, or of all of them."""
    with open_store(store) as opened:
        boards = [load_board(opened, name) for name in names or opened.boards()]
    found = [each for board in boards for each in tables(board)]
    if not found:
        raise HarnessError(
            f"No K was chosen in {', '.join(board.name for board in boards) or 'this store'}. "
            "Run a method that estimates it first: harness bench -e pca -c kmeans-elbow -c gmm-bic"
        )
    for title, headers, rows in found:
        table(headers, rows, title)
    click.echo("Means over runs; <-3 means that three runs chose this K. K selection never uses the classes.")
