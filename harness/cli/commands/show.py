"""`harness show`: everything stored about a run, including why it failed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import open_store, store_option

if TYPE_CHECKING:
    from ...report.cell_data import StoredCell
    from ...store.store import Store


@click.command()
@click.argument("name", metavar="RUN")
@click.option(
    "--board", metavar="DATASET.PROTOCOL", help="Leaderboard of the run; needed if several have it."
)
@click.option("--seed", type=int, metavar="N", help="Show the run of this seed.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@store_option
def command(name: str, board: str | None, seed: int | None, as_json: bool, store: Path) -> None:
    """Print one run, and a summary of the other runs of its row."""
    from ...report.cell_facts import cell_facts
    from ..cell_text import show_cell

    with open_store(store) as opened:
        cell = _find(opened, name, board, seed)
        if as_json:
            click.echo(json.dumps(cell_facts(cell), indent=2, default=float))
        else:
            show_cell(cell)


def _find(store: Store, name: str, board: str | None, seed: int | None) -> StoredCell:
    """Return the run of the seed, else the first failed run of the row, else the first."""
    from ...report.find_cell import find_cell, find_runs

    if seed is not None:
        return find_cell(store, name, board, seed)
    runs = find_runs(store, name, board)
    return next((each for each in runs if each.status[0] not in ("ok", "not-applicable")), runs[0])
