"""`harness reproduce`: rerun published reports as written, and judge their numbers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.counts import counted
from ...core.errors import BadParameter
from ..console import table
from ..options import request_option, store_option

if TYPE_CHECKING:
    from harness.reproductions.measurements import Pool


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--all", "every", is_flag=True, help="Rerun all reports, and write a page on why they disagree."
)
@click.option(
    "--seeds",
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of seeds of trained encoders (default: 3).",
)
@click.option(
    "--quick", is_flag=True, help="Try it out with two epochs on 4,000 images; pages are marked as such."
)
@request_option("jobs")
@request_option("device")
@request_option("out")
@store_option
def command(
    names: tuple[str, ...],
    every: bool,
    seeds: int | None,
    quick: bool,
    jobs: int | None,
    device: str,
    out: Path,
    store: Path,
) -> int:
    """Write the pages, and print how many numbers got each verdict."""
    from harness.reproductions import reproduce
    from harness.reproductions.reports import check_names
    from harness.reproductions.reports import names as known
    from harness.reproductions.runs import Options

    from ..run_bench import writable

    if every == bool(names):
        listed = ", ".join(known())
        raise BadParameter(f"Name one or more reports, or give --all. Reports: {listed}.")
    asked = known() if every else check_names(names)
    writable(out)  # before hours of work
    pool = reproduce(
        asked, Options(store, seeds, quick, jobs, device), lambda name: click.echo(f"== {name}", err=True)
    )
    _write(pool, out)
    _say(pool)
    failed = [each for each in pool.cells if each.failed]
    if failed:
        click.echo(f"{counted(len(failed), 'run')} did not finish: {failed[0].failed}", err=True)
    return 1 if failed else 0


def _write(pool: Pool, out: Path) -> None:
    from harness.reproductions import file_name
    from harness.reproductions.disagreement_page import as_svg, draw
    from harness.reproductions.page import pages_of

    from ...core.files import write_whole

    files: dict[str, str | bytes] = {**pages_of(pool)}
    if file_name(pool, "disagreement", "md") in files:
        files[file_name(pool, "disagreement", "svg")] = as_svg(draw(pool))
    for name, content in files.items():
        write_whole(out / name, content, "Name another folder with --out.")
    click.echo(f"Wrote {', '.join(str(out / name) for name in files)}.", err=True)


def _say(pool: Pool) -> None:
    """Print how many numbers of each report got each verdict."""
    from harness.reproductions.verdicts import MEANINGS, judge_all, tally

    counts = {name: tally(judged) for name, judged in judge_all(pool).items()}
    shown = [verdict for verdict in MEANINGS if any(verdict in each for each in counts.values())]
    rows = [[name, *(str(each.get(verdict, "–")) for verdict in shown)] for name, each in counts.items()]
    table(["report", *shown], rows, "Reported numbers, each under the reading that fits best")
