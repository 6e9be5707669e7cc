"""`harness remove`: remove a leaderboard, or rows of it, from the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.counts import counted
from ...core.errors import BadParameter, HarnessError, suggest
from ...core.spec import parse_chain
from ..console import confirmed, megabytes, table
from ..options import open_store, store_option, yes_option

if TYPE_CHECKING:
    from ...core.cell import CellRecord
    from ...store.removal import Removal
    from ...store.store import Store

SHOWN = 20  # rows that are listed


@click.command()
@click.argument("board", metavar="DATASET.PROTOCOL")
@click.option(
    "-e", "--encoder", "encoders", multiple=True, help="Remove only rows of this encoder. May be repeated."
)
@click.option(
    "-c",
    "--clusterer",
    "clusterers",
    multiple=True,
    help="Remove only rows of this clusterer. May be repeated.",
)
@click.option("--failed", is_flag=True, help="Remove only runs that did not finish, e.g. failed or timeout.")
@click.option("--dry-run", is_flag=True, help="Print what would be removed, then exit.")
@yes_option
@store_option
def command(
    board: str,
    encoders: tuple[str, ...],
    clusterers: tuple[str, ...],
    failed: bool,
    dry_run: bool,
    yes: bool,
    store: Path,
) -> None:
    """Remove the runs and the results that no other run uses, and print what was removed."""
    from ...store.removal import plan_removal, remove

    with open_store(store) as opened:
        chosen = _chooser(opened, board, encoders, clusterers, failed)
        removal = plan_removal(opened, board, chosen)
        if not removal.cells:
            click.echo(f"{board}: nothing to remove{', since every run finished' if failed else ''}.")
            return
        _show(removal, board)
        if dry_run:
            click.echo("Nothing was removed (--dry-run).")
            return
        if removal.whole and not confirmed(f"Remove all of {board} from store {store}?", yes):
            click.echo("Nothing was removed.")
            return
        removal = remove(opened, board, chosen)
    click.echo(f"Removed {_amount(removal)}.")
    page = Path("leaderboard", f"{board}.md")
    if page.exists():
        click.echo(f"{page} is unchanged: delete it, or rewrite it with 'harness bench'.")


def _chooser(
    store: Store, board: str, encoders: Iterable[str], clusterers: Iterable[str], failed: bool
) -> Callable[[CellRecord], bool]:
    """Return a test of whether a cell of the board was named."""
    from ...store.removal import has_failed

    cells = store.cells(board)
    if not cells:
        known = store.boards()
        raise HarnessError(
            f"No leaderboard {board!r} in store {str(store.folder)!r}.{suggest(board, known)} "
            f"Leaderboards: {', '.join(known) or 'none'}."
        )
    slots = {cell.slot for cell in cells}
    wanted = {
        kind: {_found(text, kind, [getattr(cell, kind) for cell in cells], board) for text in texts}
        for kind, texts in (("encoder", encoders), ("clusterer", clusterers))
    }

    def chosen(cell: CellRecord) -> bool:
        if cell.slot not in slots:  # computed in the meantime
            return False
        named = all(not names or getattr(cell, kind) in names for kind, names in wanted.items())
        return named and (not failed or has_failed(store, cell))

    return chosen


def _found(text: str, kind: str, known: list[str], board: str) -> str:
    """Return the board's name for a text, however its parameters are spelled."""
    spelled = {text.strip(), _plain(text)}
    found = next((name for name in known if {name, _plain(name)} & spelled), None)
    if found is not None:
        return found
    names = sorted({*known})
    raise HarnessError(
        f"{board} has no {kind} {text!r}.{suggest(text, names)} {kind.capitalize()}s: {', '.join(names)}."
    )


def _plain(text: str) -> str:
    try:
        return "+".join(map(str, parse_chain(text)))
    except BadParameter:  # an object passed from Python
        return text


def _show(removal: Removal, board: str) -> None:
    """Print the rows to remove, and their results."""
    runs = Counter(cell.row for cell in removal.cells)
    lines = [[encoder, clusterer, k or "–", f"{n:,}"] for (encoder, clusterer, k), n in sorted(runs.items())]
    table(["encoder", "clusterer", "K", "runs"], lines[:SHOWN], f"To remove from {board}:")
    if len(lines) > SHOWN:
        click.echo(f"... and {len(lines) - SHOWN:,} more rows.")
    rest = "nothing of the leaderboard remains" if removal.whole else "the rest of the leaderboard stays"
    click.echo(f"In total {_amount(removal)}; {rest}.")


def _amount(removal: Removal) -> str:
    rows = len({cell.row for cell in removal.cells})
    told = [
        counted(rows, "row"),
        counted(len(removal.cells), "run"),
        counted(len(removal.records), "record"),
        f"{counted(len(removal.arrays), 'array')} ({megabytes(removal.n_bytes)})",
    ]
    return ", ".join(told)
