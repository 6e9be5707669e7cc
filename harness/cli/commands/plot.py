"""`harness plot`: pictures of a run, as PNG or SVG."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.errors import HarnessError, NotApplicable, UnknownName, suggest
from ...report.figures import KINDS
from ..options import open_store, store_option

if TYPE_CHECKING:
    from ...report.cell_data import StoredCell
    from ...report.figures.picture import Picture
    from ...report.figures.projections import Maps

ALL = "all"


class _Command(click.Command):
    """List the kinds of pictures in the help."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Kinds"):
            formatter.write_dl([*KINDS.items(), (ALL, "every picture of this run, in a folder")])
        super().format_options(ctx, formatter)


def _read_kind(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value not in (*KINDS, ALL):
        known = ", ".join((*KINDS, ALL))
        raise UnknownName(f"Unknown picture {value!r}.{suggest(value, (*KINDS, ALL))} Kinds: {known}.")
    return value


@click.command(
    cls=_Command,
)
@click.argument("kind", callback=_read_kind)
@click.argument("name", metavar="RUN")
@click.option(
    "--board", metavar="DATASET.PROTOCOL", help="Leaderboard of the run; needed if several have it."
)
@click.option("--seed", type=int, metavar="N", help="Draw the run of this seed (default: the first run).")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write, or folder with 'all' (default: named after picture and run).",
)
@click.option(
    "--format",
    "fmt",
    type=click.Choice(("png", "svg")),
    help="Image format (default: by FILE's extension, else PNG).",
)
@store_option
def command(
    kind: str,
    name: str,
    board: str | None,
    seed: int | None,
    output: Path | None,
    fmt: str | None,
    store: Path,
) -> None:
    """Write one picture, or all pictures of the run."""
    from ...report.figures.projections import Maps
    from ...report.find_cell import find_cell

    path = None if kind == ALL else _checked(output, fmt)
    with open_store(store) as opened:
        cell = find_cell(opened, name, board, seed)
        maps = Maps(opened.folder / "maps")
        if kind == ALL:
            _all(cell, output or Path(_name(cell)), fmt or "png", maps)
            return
        try:
            picture = _draw(kind, cell, maps)
        except NotApplicable as reason:
            raise HarnessError(f"{cell.title} has no picture {kind!r}: {reason}.") from None
    _write(picture, path or Path(f"{kind}-{_name(cell)}.{fmt or 'png'}"))


def _checked(output: Path | None, fmt: str | None) -> Path | None:
    """Return the given file, after checking that it can be written and matches the given format."""
    from ...report.figures.save import check_path

    if output is None:
        return None
    check_path(output)
    if fmt and output.suffix.lower() != f".{fmt}":
        raise HarnessError(f"--format {fmt} contradicts {str(output)!r}. Leave --format out.")
    return output


def _name(cell: StoredCell) -> str:
    """Return a file name that identifies the cell and is safe on every file system."""
    words = re.sub(r"[^\w.-]+", "-", f"{cell.board}-{cell.name}", flags=re.ASCII).strip("-.")
    return f"{words[:100].rstrip('-.')}-{cell.id}"


def _all(cell: StoredCell, folder: Path, fmt: str, maps: Maps) -> None:
    """Write every picture of the cell to a folder, and print why others are missing."""
    without: list[str] = []
    for kind in KINDS:
        try:
            picture = _draw(kind, cell, maps)
        except NotApplicable as reason:
            without.append(f"No {kind}: {reason}.")
            continue
        _make(folder)
        _write(picture, folder / f"{kind}.{fmt}")
    for line in without:
        click.echo(line, err=True)
    if len(without) == len(KINDS):
        raise HarnessError(f"{cell.title} has no picture.")


def _draw(kind: str, cell: StoredCell, maps: Maps) -> Picture:
    from ...core.progress import listening
    from ...report.figures import draw
    from ..console import progress_line

    with progress_line() as show, listening(lambda done, total, note: show(note, done, total)):
        return draw(kind, cell, maps)


def _write(picture: Picture, path: Path) -> None:
    from ...report.figures.save import write

    replaced = ", replacing what was there" if path.exists() else ""
    write(picture, path)
    click.echo(f"Wrote {path}{replaced}.", err=True)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror
        raise HarnessError(f"Cannot create folder {str(folder)!r}: {reason}. Name another with -o.") from None
