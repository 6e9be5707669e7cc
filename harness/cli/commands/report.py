"""`harness report`: web pages of leaderboards, encoders and runs, drawn from a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.counts import counted
from ..console import progress_line
from ..options import open_store, store_option
from ..suite_options import suite_of, suite_option

if TYPE_CHECKING:
    from ...leaderboard.suite.suite_board import SuiteBoard
    from ...report.pages import Report
    from ...store.store import Store

NONE = "none"
SHOWN = 5  # pictures that could not be drawn


def _read_maps(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Parse names of maps, joined by commas, or none."""
    if value is None:
        return None
    maps = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
    if not maps:
        raise click.BadParameter("Give maps joined by commas, e.g. pca,tsne, or none.")
    return () if maps == (NONE,) else maps


@click.command()
@click.argument("names", nargs=-1, metavar="[DATASET.PROTOCOL]...")
@suite_option("Write the page of a suite, and of the leaderboards named, if any.")
@store_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("report"),
    show_default=True,
    help="Folder to write to.",
)
@click.option(
    "--maps",
    metavar="NAME,..",
    callback=_read_maps,
    help="Maps of embeddings to draw: pca, tsne, umap, or none (default: all installed).",
)
@click.option(
    "--pictures/--no-pictures", default=True, show_default=True, help="Draw pictures, or write tables only."
)
@click.option("--jobs", type=click.IntRange(min=1), help="Number of processes (default: one per core).")
def command(
    names: tuple[str, ...],
    suite: str | None,
    store: Path,
    out: Path,
    maps: tuple[str, ...] | None,
    pictures: bool,
    jobs: int | None,
) -> int:
    """Write pages that changed, and print how to open them; return 1 if a picture failed."""
    from ...core.threads import cores
    from ...report.pages import MAPS, write_report

    with open_store(store) as opened, progress_line() as tell:
        suites = [] if suite is None else [_suite(opened, suite)]
        report = write_report(
            opened,
            out,
            names,
            maps=MAPS if maps is None else maps,
            pictures=pictures,
            processes=jobs or cores(),
            tell=tell,
            suites=suites,
        )
    _say(report)
    return 1 if report.wrong else 0


def _suite(store: Store, text: str) -> list[SuiteBoard]:
    """Return the leaderboard of a suite by each of its metrics."""
    from ...leaderboard.suite.build_suite import suite_boards
    from ...leaderboard.suite.load_suite import load_suite

    suite = suite_of(text)
    return suite_boards(suite, load_suite(store, suite))


def _say(report: Report) -> None:
    """Print which pages were written or kept, and how to open them."""
    for line in report.wrong[:SHOWN]:
        click.echo(f"Not drawn: {line}", err=True)
    if len(report.wrong) > SHOWN:
        click.echo(f"... and {len(report.wrong) - SHOWN} more; see their pages.", err=True)
    total = len(report.made) + len(report.kept)
    removed = f", {len(report.removed):,} removed" if report.removed else ""
    kept = f"{len(report.kept):,} unchanged"
    click.echo(f"{counted(total, 'page')}: {len(report.made):,} regenerated, {kept}{removed}.")
    click.echo(f"Open {report.index} in a browser: {report.index.resolve().as_uri()}")
