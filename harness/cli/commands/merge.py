"""`harness merge`: merge published folders of several contributors."""

from __future__ import annotations

from pathlib import Path

import click

from ..board_table import say_written, show_conflicts, show_site
from ..options import publishing_options


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DIR...")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write; may be one of the merged folders.",
)
@click.option(
    "--prefer",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder whose score to keep if they differ.",
)
@publishing_options
def command(
    folders: tuple[Path, ...], out: Path, prefer: Path | None, reference: bool | None, site: Path | None
) -> int:
    """Merge folder by folder, and write the result unless they contradict each other.

    With one folder its pages are regenerated.
    """
    from ...core.errors import BadParameter, HarnessError
    from ...publishing.bundle import Published
    from ...publishing.write import combine_all, read_own, shows_reference, write_folder

    if prefer is not None and prefer not in folders:
        raise BadParameter(f"--prefer takes one of {', '.join(map(str, folders))}, got {str(prefer)!r}.")
    read: list[Published] = []
    for folder in folders:
        published = read_own(folder)
        if not published.bundles:
            raise HarnessError(f"Folder {str(folder)!r} holds no leaderboard written by 'harness publish'.")
        read.append(published)
    done = combine_all(read, next((each for each in read if each.folder == prefer), None))
    before = str(folders[0] if prefer is None else prefer)
    for step, merged in done.steps:
        show_conflicts(merged, before, str(step.folder))
        before += f" and {step.folder}"
    if done.open:
        click.echo(_refusal(len(done.open), prefer), err=True)
        return 1
    if reference is None:
        was = Published(out, done.published.bundles)
        reference = any(map(shows_reference, [was] if (out / "records").is_dir() else read))
    say_written(done.published, out, len(list(write_folder(done.published, out, reference))))
    if site is not None:
        show_site(done.published, site, reference)
    return 0


def _refusal(count: int, prefer: Path | None) -> str:
    if prefer is None:
        return "Nothing was written. Choose whose scores to keep with --prefer DIR, or ask both contributors."
    which = "1 contradiction is" if count == 1 else f"{count} contradictions are"
    return (
        f"Nothing was written: {which} between folders other than {prefer}. Merge those first, with their "
        "own --prefer, or ask both contributors."
    )
