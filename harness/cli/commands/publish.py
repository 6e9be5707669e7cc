"""`harness publish`: boards of a store as a folder that others can check."""

from __future__ import annotations

from pathlib import Path

import click

from ..board_table import say_written, show_conflicts, show_site
from ..options import open_store, publishing_options, store_option


@click.command(help="Write boards with the records and labels behind them, for others to check.")
@click.argument("names", nargs=-1, metavar="[DATASET.PROTOCOL]...")
@store_option
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("leaderboard"), show_default=True, help="Folder."
)
@click.option("--by", default="unnamed", envvar="HARNESS_BY", show_default=True, help="Who computed them.")
@click.option(
    "--into",
    "documents",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Markdown file whose marked tables are made anew; may be repeated.",
)
@click.option("--truth/--no-truth", default=True, show_default=True, help="Publish the true classes too.")
@publishing_options
@click.option(
    "--workflow",
    is_flag=True,
    help="Write a GitHub workflow that verifies what is sent in, and publishes the pages.",
)
@click.option("--replace", is_flag=True, help="Drop what the folder has of these boards, instead of adding.")
@click.option(
    "--prefer", type=click.Choice(["store", "folder"]), help="Whose score stands where they differ."
)
def command(
    names: tuple[str, ...],
    store: Path,
    out: Path,
    by: str,
    documents: tuple[Path, ...],
    truth: bool,
    replace: bool,
    prefer: str | None,
    reference: bool | None,
    site: Path | None,
    workflow: bool,
) -> int:
    """Add the boards of the store to the folder, and write its pages."""
    from ...leaderboard.build import load_board
    from ...publishing.bundle import Published, gather
    from ...publishing.pages import fill, workflow_text
    from ...publishing.write import (
        combine,
        read_own,
        shows_reference,
        without_truth,
        write_changed,
        write_folder,
    )

    with open_store(store) as opened:
        for name in names:
            load_board(opened, name)  # an error where there is none
        bundles = {name: gather(opened, name, by) for name in names or opened.boards()}
    before = read_own(out)
    reference = shows_reference(before) if reference is None else reference
    if replace:
        before = Published(out, {name: each for name, each in before.bundles.items() if name not in bundles})
    bundles = bundles if truth else without_truth(bundles)
    sides = {None: "", "store": "second", "folder": "first"}
    published, merged = combine(before, Published(out, bundles), sides[prefer])
    if show_conflicts(merged, str(out), f"store {store}") and not prefer:
        click.echo("Nothing was written. Choose with --prefer store or --prefer folder.", err=True)
        return 1
    texts = {path: fill(path, published) for path in documents}
    written = list(write_folder(published, out, reference))
    if workflow:
        texts[Path(".github/workflows/leaderboard.yml")] = workflow_text()
    for path, text in texts.items():
        written += write_changed(path, text.encode())
    say_written(published, out, len(written))
    if site is not None:
        show_site(published, site, reference)
    return 0
