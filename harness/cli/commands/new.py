"""`harness new`: a plugin that works as it is, to be changed into one's own."""

from __future__ import annotations

from pathlib import Path

import click

from ...core.plugin import KINDS, Kind


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--package", is_flag=True, help="An installable package with tests, instead of a file.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to write into."
)
def command(kind: Kind, name: str, package: bool, out: Path) -> None:
    """Write the files, and say what was written and what to call next."""
    from ...conformance.scaffold import new

    written = new(kind, name, out, package)
    for path in written.files:
        click.echo(f"Wrote {path}")
    click.echo("Next:")
    for each in written.commands:
        click.echo(f"  {each}")
