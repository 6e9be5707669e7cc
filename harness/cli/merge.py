"""`harness merge`: published folders of several contributors become one."""

from __future__ import annotations

from functools import reduce
from pathlib import Path

import click

from .options import publishing_options
from .show import say_written, show_conflicts, show_site


@click.command(help="Put published folders together; contradictions are shown, never settled silently.")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Folder to write; may be one of them."
)
@click.option(
    "--prefer", type=click.Path(path_type=Path), metavar="DIR", help="Whose score stands where they differ."
)
@publishing_options
def command(
    folders: tuple[Path, ...], out: Path, prefer: Path | None, reference: bool, site: Path | None
) -> int:
    """Merge folder by folder, and write the result unless they contradict each other.

    Of one folder alone the pages are made anew.
    """
    from ..errors import BadParameter, HarnessError
    from ..publishing.bundle import Published
    from ..publishing.writing import combine, read_own, write_folder

    if prefer is not None and prefer not in folders:
        raise BadParameter(f"--prefer takes one of {', '.join(map(str, folders))}, got {str(prefer)!r}.")
    read: list[Published] = []
    for folder in folders:
        found = read_own(folder)
        if not found.bundles:
            raise HarnessError(f"Folder {str(folder)!r} holds no board that 'harness publish' wrote.")
        read.append(found)
    conflicts = 0

    def add(one: Published, other: Published) -> Published:
        nonlocal conflicts
        side = "second" if other.folder == prefer else "first" if prefer is not None else ""
        published, merged = combine(one, other, side)
        conflicts += show_conflicts(merged, (str(one.folder), str(other.folder)))
        return published

    order = sorted(read, key=lambda each: each.folder == prefer)  # last: it wins over all
    published = reduce(add, order)
    if conflicts and prefer is None:
        click.echo("Nothing was written. Choose whose scores stand with --prefer DIR, or ask both.", err=True)
        return 1
    say_written(published, out, len(list(write_folder(published, out, reference))))
    if site is not None:
        show_site(published, site, reference)
    return 0
