"""`harness compare`: test whether rows differ by more than chance, or show runs side by side on a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from ...core.board import Board
from ...core.errors import HarnessError
from ...leaderboard.build import load_board
from ..options import open_store, store_option

if TYPE_CHECKING:
    from ...leaderboard.statistics.ranks import Ranking

FORMATS = ("table", "markdown", "csv", "json")
TABLES = ("metric", "baselines", "failed", "diagram", "margin", "pivot", "fmt")  # what only tables have
PAGES = ("board", "seed", "out")
OPTIONS = {"baselines": "baseline", "fmt": "format"}


@click.command()
@click.argument("names", nargs=-1, metavar="[DATASET.PROTOCOL | RUN]...")
@click.option("-m", "--metric", help="Metric to compare (default: accuracy, else the ranking metric).")
@click.option(
    "--baseline",
    "baselines",
    multiple=True,
    metavar="'ENCODER + CLUSTERER'",
    help="Row to show differences from (default: identity + kmeans and pca + kmeans). May be repeated.",
)
@click.option(
    "--failed",
    type=click.Choice(["last", "leave-out"]),
    default="last",
    show_default=True,
    help="With several leaderboards: rank failed pipelines last, or leave them out.",
)
@click.option(
    "--diagram",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Draw a critical difference diagram to FILE.svg or FILE.png.",
)
@click.option(
    "--margin",
    type=click.FloatRange(min=0),
    default=0.01,
    show_default=True,
    help="Rows within this difference of the best count as equal in practice.",
)
@click.option(
    "--pivot", is_flag=True, help="With several leaderboards: print pipelines by datasets, including gaps."
)
@click.option("--format", "fmt", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option("--html", is_flag=True, help="Write a page with the named runs side by side instead.")
@click.option("--board", metavar="DATASET.PROTOCOL", help="With --html: the leaderboard of the runs.")
@click.option("--seed", type=int, metavar="N", help="With --html: the runs of this seed; default the first.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --html: the page (default: compare.html).",
)
@store_option
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    metric: str | None,
    baselines: tuple[str, ...],
    failed: Literal["last", "leave-out"],
    diagram: Path | None,
    margin: float,
    pivot: bool,
    fmt: str,
    html: bool,
    board: str | None,
    seed: int | None,
    out: Path | None,
    store: Path,
) -> None:
    """Print the comparison, or write it as a page."""
    _check_options(ctx, html)
    if html:
        _write_page(names, board, seed, out or Path("compare.html"), store)
        return
    from ...leaderboard.statistics.comparison import compare
    from ...leaderboard.statistics.diagram import check_path
    from ...leaderboard.statistics.ranks import rank
    from ..comparison_tables import show_comparison
    from ..ranking_tables import show_pivot, show_ranking

    with open_store(store) as opened:
        boards = [load_board(opened, name) for name in dict.fromkeys(names) or opened.boards()]
    if not boards:
        raise HarnessError("The store has no leaderboard. Run 'harness bench' first.")
    if len(boards) == 1 and not pivot:
        if diagram is not None:
            raise HarnessError(
                "--diagram needs several leaderboards, since mean ranks are over datasets. Name more "
                "leaderboards."
            )
        show_comparison(compare(boards[0], metric, baselines, margin), fmt)
        return
    if baselines:
        raise HarnessError(
            "--baseline works with one leaderboard only; over several, pipelines are ranked. Name one "
            "leaderboard."
        )
    name = _metric(boards, metric)
    if diagram is not None:
        check_path(diagram)
    ranking = None if pivot and diagram is None else rank(boards, name, failed)
    if pivot:
        show_pivot(boards, name, failed, fmt)
    elif ranking is not None:
        show_ranking(ranking, boards, name, failed, fmt)
    if diagram is not None and ranking is not None:
        _draw(ranking, diagram, boards, name)


def _check_options(ctx: click.Context, html: bool) -> None:
    """Refuse options that say nothing about the page, or about the tables."""
    wrong = TABLES if html else PAGES
    given = [name for name in wrong if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        option = f"--{OPTIONS.get(given[0], given[0])}"
        why = "is not for --html" if html else "needs --html"
        raise HarnessError(f"{option} {why}. Leave {option} out{'' if html else ', or add --html'}.")


def _write_page(names: Sequence[str], board: str | None, seed: int | None, path: Path, store: Path) -> None:
    """Write the page that shows runs side by side."""
    from ...core.files import write_whole
    from ...report.figures.projections import Maps
    from ...report.find_cell import find_named
    from ...report.pages.compare_page import check_comparable, comparison

    with open_store(store) as opened:
        cells = [find_named(opened, name, board, seed) for name in names]
        check_comparable(cells)
        page = comparison(cells, Maps(opened.folder / "maps"))
    replaced = ", replacing what was there" if path.exists() else ""
    write_whole(path, page, "Name another file with --out.")
    click.echo(f"Wrote {path}{replaced}. Open it in a browser: {path.resolve().as_uri()}")


def _metric(boards: Sequence[Board], name: str | None) -> str:
    from ...leaderboard.statistics.comparison import find_metric

    return find_metric(boards[0], name).name


def _draw(ranking: Ranking, path: Path, boards: Sequence[Board], metric: str) -> None:
    from ...leaderboard.statistics.diagram import draw
    from ...leaderboard.statistics.ranks import refusal

    reason = refusal(ranking, "friedman")
    if reason:
        raise HarnessError(f"Cannot draw the diagram: {reason}")
    draw(ranking, path, f"{metric}, protocol {boards[0].protocol}")
    click.echo(f"Wrote {path}.", err=True)
