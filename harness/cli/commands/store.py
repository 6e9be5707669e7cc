"""`harness store`: show what a store holds, prune it, check it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

from ...core.counts import counted
from ...core.limits import read_size
from ..console import megabytes, table
from ..options import open_store, reader, store_option


@click.group(invoke_without_command=True)
@store_option
@click.pass_context
def command(context: click.Context, store: Path) -> None:
    """Print the contents of the store, unless there is a subcommand."""
    context.obj = store
    if context.invoked_subcommand is not None:
        return
    from ...store.maintenance import holdings

    with open_store(store) as opened:
        held = holdings(opened)
    rows = [[kind, status, f"{count:,}"] for (kind, status), count in sorted(held.records.items())]
    table(["stage", "status", "records"], rows, f"Store {store}")
    click.echo(f"Leaderboards: {', '.join(held.boards) or 'none'}.")
    arrays = f"{counted(held.arrays, 'array')}, {megabytes(held.array_bytes)}"
    click.echo(f"{arrays}; records, {megabytes(held.database_bytes)}.")
    if held.unneeded:
        click.echo(
            f"{counted(len(held.unneeded), 'record')} not needed by any leaderboard: from older code or "
            "unfinished "
            "runs. Drop them with 'harness store prune --unneeded'."
        )


@command.command(help="Drop records, and arrays that no other record uses.")
@click.option("--unneeded", is_flag=True, help="Drop records that no leaderboard needs.")
@click.option("--older", type=click.FloatRange(min=0), metavar="DAYS", help="Drop records older than this.")
@click.option(
    "--size",
    metavar="SIZE",
    callback=reader(read_size),
    help="Drop the oldest records until arrays fit in SIZE, e.g. 2G.",
)
@click.pass_obj
def prune(store: Path, unneeded: bool, older: float | None, size: int | None) -> None:
    """Drop the requested records, and print how much was dropped."""
    from ...store.maintenance import prune as drop

    if not unneeded and older is None and size is None:
        raise click.UsageError("Specify what to remove: --unneeded, --older DAYS or --size SIZE.")
    days = None if older is None else timedelta(days=older)
    with open_store(store) as opened:
        records, n_bytes = drop(opened, unneeded=unneeded, older=days, size=size)
    click.echo(f"Dropped {counted(records, 'record')} and {megabytes(n_bytes)} of arrays.")


@command.command(help="Read every array, and drop damaged ones; the next run recomputes them.")
@click.pass_obj
def check(store: Path) -> int:
    """Check all arrays; return 1 if some were damaged."""
    from ...store.maintenance import damaged

    with open_store(store) as opened:
        found = damaged(opened)
    for digest in found:
        click.echo(f"Dropped damaged array {digest}")
    click.echo(f"{len(found)} damaged arrays." if found else "All arrays are intact.")
    return 1 if found else 0
