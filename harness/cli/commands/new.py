"""`harness new`: create a working plugin to edit."""

from __future__ import annotations

from pathlib import Path

import click

from ...core.plugin import KINDS, Kind


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("name")
@click.option("--package", is_flag=True, help="Create an installable package with tests instead of a file.")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder to write to."
)
def command(kind: Kind, name: str, package: bool, out: Path) -> None:
    """Write the files, and print what was written and the next command."""
    from ...conformance.scaffold import new

    written = new(kind, name, out, package)
    for path in written.files:
        click.echo(f"Wrote {path}")
    click.echo("Next:")
    for each in written.commands:
        click.echo(f"  {each}")
