"""`harness publish`: write leaderboards of a store to a folder that others can check."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...core.counts import counted, shortened
from ...core.errors import HarnessError
from ..board_table import say_written, show_conflicts, show_site
from ..console import confirmed, table
from ..options import open_store, publishing_options, store_option, yes_option
from ..suite_options import suite_of, suite_option

if TYPE_CHECKING:
    from ...publishing.bundle import Bundle, Published
    from ...store.store import Store

SHOWN = 12  # files that are listed
WORKFLOW = Path(".github/workflows/leaderboard.yml")


@click.command()
@click.argument("names", nargs=-1, metavar="[DATASET.PROTOCOL]...")
@click.option("--all", "every", is_flag=True, help="Publish every leaderboard of the store.")
@suite_option("Publish the leaderboards of a suite, and the page of the suite.")
@store_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("leaderboard"),
    show_default=True,
    help="Folder to write to.",
)
@click.option(
    "--by", default="unnamed", envvar="HARNESS_BY", show_default=True, help="Name of the contributor."
)
@click.option(
    "--into",
    "documents",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Markdown file whose marked tables to regenerate. May be repeated.",
)
@click.option(
    "--with-truth/--no-truth",
    "truth",
    default=None,
    help="Publish the true classes, or withhold them (default: publish; required for your own data).",
)
@publishing_options
@click.option(
    "--workflow",
    is_flag=True,
    help="Write a GitHub workflow that verifies contributions and publishes the pages.",
)
@click.option(
    "--replace", is_flag=True, help="Replace these leaderboards in the folder instead of adding to them."
)
@click.option(
    "--prefer", type=click.Choice(["store", "folder"]), help="Whose score to keep if store and folder differ."
)
@yes_option
def command(
    names: tuple[str, ...],
    every: bool,
    suite: str | None,
    store: Path,
    out: Path,
    by: str,
    documents: tuple[Path, ...],
    truth: bool | None,
    replace: bool,
    prefer: str | None,
    reference: bool | None,
    site: Path | None,
    workflow: bool,
    yes: bool,
) -> int:
    """Show what will change, then add the boards to the folder and write its pages."""
    from ...leaderboard.suite.load_suite import suite_names
    from ...publishing.bundle import Published
    from ...publishing.pages import fill, workflow_text
    from ...publishing.published_suites import to_publish
    from ...publishing.unpublished import remove_pages
    from ...publishing.write import combine, contents, differs, read_own, shows_reference, without_truth

    with open_store(store) as opened:
        described = suite_of(suite) if suite is not None else None
        if described is not None:
            names = (*names, *suite_names(opened, described))
        bundles = _gathered(opened, names, every, by, truth)
        cells = [cell for name in bundles for cell in opened.cells(name)]
    typed = {cell.dataset: cell.invocation.dataset for cell in cells if cell.invocation}
    before = read_own(out)
    reference = shows_reference(before) if reference is None else reference
    if replace:
        kept = {name: each for name, each in before.bundles.items() if name not in bundles}
        before = Published(out, kept, before.suites)
    sides = {None: "", "store": "second", "folder": "first"}
    suites = {} if described is None else {described.name: to_publish(Published(out, bundles), described)}
    others = {name: each for name, each in before.suites.items() if name not in suites}
    before = replace_fields(before, suites=others)
    published, merged = combine(before, Published(out, bundles, suites), sides[prefer])
    if show_conflicts(merged, str(out), f"store {store}") and not prefer:
        click.echo("Nothing was written. Choose with --prefer store or --prefer folder.", err=True)
        return 1
    published = without_truth(published, bundles if truth is False else ())
    files = {out / path: content for path, content in contents(published, reference)}
    files |= {path: fill(path, published).encode() for path in documents}
    files |= {WORKFLOW: workflow_text().encode()} if workflow else {}
    changed = {path: content for path, content in files.items() if differs(path, content)}
    _show(published, bundles, sorted(changed))
    _tell_kept_back(published, bundles, typed, suite)
    if changed and not confirmed("Publish?", yes):
        click.echo("Nothing was written.")
        return 0
    _write(changed)
    remove_pages(out, bundles)
    say_written(published, out, len(changed))
    if site is not None:
        show_site(published, site, reference)
    return 0


def _gathered(
    store: Store, names: Sequence[str], every: bool, by: str, truth: bool | None
) -> dict[str, Bundle]:
    """Return the named boards from the store."""
    from ...leaderboard.build import load_board
    from ...publishing.bundle import gather
    from ...publishing.own_data import refuse_own_classes
    from ...registry.registry import load_registry

    known = store.boards()
    if not names and not every:
        first = known[0] if known else "digits.full"
        raise HarnessError(
            f"Name the leaderboards to publish, e.g. 'harness publish {first}', or publish all with --all. "
            f"Store {str(store.folder)!r} has: {', '.join(known) or 'none'}."
        )
    wanted = list(dict.fromkeys(known if every else names))
    for name in wanted:
        load_board(store, name)  # an error if there is none
    if truth is None:
        refuse_own_classes(store, wanted, load_registry(), shlex.join(["harness", *sys.argv[1:]]))
    return {name: gather(store, name, by) for name in wanted}


def _show(published: Published, named: Collection[str], changed: Sequence[Path]) -> None:
    """Print what will be published of the named boards, and which files change."""
    lines = []
    for name in named:
        cells = published.cells(name)
        counts = (len({each.row for each in cells}), len(cells))
        lines.append([name, *(f"{count:,}" for count in counts), _truth(published.bundles[name])])
    table(["leaderboard", "rows", "runs", "true classes"], lines, f"To publish in {published.folder}:")
    if changed:
        files = shortened([*map(str, changed)], SHOWN)
        click.echo(f"{counted(len(changed), 'file')} to write: {files}.")


def _truth(bundle: Bundle) -> str:
    from ...publishing.bundle import keeps_truth_back

    return "not published" if keeps_truth_back(bundle) else "none" if bundle.truth is None else "published"


def _tell_kept_back(
    published: Published, named: Collection[str], typed: Mapping[str, str], suite: str | None
) -> None:
    """Print how to check scores of boards whose classes are withheld."""
    from ...publishing.bundle import keeps_truth_back

    held = tuple(name for name in named if keeps_truth_back(published.bundles[name]))
    if held:
        datasets = dict.fromkeys(published.cells(name)[0].dataset for name in held)
        words = [word for each in datasets for word in ("-d", f"{each}={typed.get(each) or 'PATH'}")]
        words = words if suite is None else ["--suite", suite]
        click.echo(
            f"Scores of {shortened(held)} that use the classes can be checked only with the data: "
            f"{shlex.join(['harness', 'verify', str(published.folder), *words])}"
        )


def _write(files: Mapping[Path, bytes]) -> None:
    from ...core.files import write_whole

    for path, content in files.items():
        write_whole(path, content)
