"""`harness leaderboard`: leaderboards from the store, in several formats."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...leaderboard.build import load_board
from ...leaderboard.formats import FORMATS
from ...leaderboard.selection import select
from ..board_table import show_board, show_published
from ..options import open_store, store_option
from ..suite_options import check_options, suite_of, suite_option

if TYPE_CHECKING:
    from ...leaderboard.suite.suite_board import References

ALONE = {"references": "--references", "pivot": "--pivot", "protocol": "--protocol"}
WITHOUT = {
    "names": "The name of a leaderboard",
    "top": "--top",
    "rows": "--rows",
    "notes": "--notes",
    "reference": "--reference",
}


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
@suite_option("Show the leaderboard of a suite: methods by datasets, ranks, wins and cost.")
@click.option(
    "--references",
    type=click.Choice(["best", "each"]),
    default="best",
    show_default=True,
    help="With --suite: score by the best of a dataset's reference labellings, or by each.",
)
@click.option("--pivot", is_flag=True, help="With --suite: also print methods by datasets.")
@click.option("--protocol", help="With --suite: the protocol (default: the suite's).")
@store_option
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    metrics: tuple[str, ...],
    top: int | None,
    rows: tuple[str, ...],
    fmt: str,
    notes: bool,
    reference: bool,
    suite: str | None,
    references: References,
    pivot: bool,
    protocol: str | None,
    store: Path,
) -> None:
    """Print the named leaderboards, or all of them, or that of a suite."""
    check_options(ctx, suite is not None, alone=ALONE, without=WITHOUT)
    if suite is not None:
        _show_suite(suite, metrics, references, protocol, pivot, fmt, store)
        return
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


def _show_suite(
    text: str,
    metrics: Sequence[str],
    references: References,
    protocol: str | None,
    pivot: bool,
    fmt: str,
    store: Path,
) -> None:
    """Print the leaderboard of a suite."""
    from ...leaderboard.suite.build_suite import suite_boards
    from ...leaderboard.suite.load_suite import load_suite
    from ...leaderboard.suite.suite_formats import SUITE_FORMATS
    from ..suite_table import show_suite

    suite = suite_of(text)
    with open_store(store) as opened:
        boards = load_suite(opened, suite, protocol, metrics)
    found = suite_boards(suite, boards, metrics, references)
    if fmt == "table":
        show_suite(*found, pivot=pivot)
    elif fmt == "html":
        from ...report.site.suite_page import suite_page

        click.echo(suite_page(found), nl=False)
    else:
        click.echo(SUITE_FORMATS[fmt](*found), nl=False)
