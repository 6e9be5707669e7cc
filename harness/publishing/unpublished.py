"""Pages of unpublished boards in a published folder."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from ..core.protocols import PROTOCOLS

FOLDER = "unpublished"
SUITES = "suites"
FOLDERS = (FOLDER, "local")  # the name in an earlier version


def page_path(out: Path, board: str) -> Path:
    """Return the path to write the page of a board to, without overwriting a published page.

    Examples
    --------
    >>> page_path(Path("no-such-folder"), "digits.full").as_posix()
    'no-such-folder/digits.full.md'
    """
    published = (out / "records" / f"{board}.jsonl").exists()
    return (out / FOLDER if published else out) / f"{board}.md"


def suite_path(out: Path, suite: str) -> Path:
    """Return the path to write the page of a suite to, without overwriting a published page.

    Examples
    --------
    >>> suite_path(Path("no-such-folder"), "toy").as_posix()
    'no-such-folder/suites/toy.md'
    """
    published = (out / SUITES / f"{suite}.json").exists()
    return (out / FOLDER if published else out) / SUITES / f"{suite}.md"


def is_unpublished(path: Path, published: Collection[str]) -> bool:
    """Return whether a file, relative to a published folder, is the page of an unpublished board or suite.

    Parameters
    ----------
    path : Path
    published : collection of str
        The published boards in the folder; pages of published suites are never asked for.

    Examples
    --------
    >>> places = ["unpublished/digits.full.md", "iris.full.md", "suites/toy.md", "digits.full.md", "notes.md"]
    >>> [is_unpublished(Path(place), ["digits.full"]) for place in places]
    [True, True, True, False, False]
    """
    if path.suffix == ".md" and path.parent.as_posix() in (SUITES, f"{FOLDER}/{SUITES}"):
        return True
    if path.suffix != ".md" or path.stem.rpartition(".")[2] not in PROTOCOLS:
        return False
    beside = path.parent.as_posix()
    return beside in FOLDERS or (beside == "." and path.stem not in published)


def remove_pages(out: Path, boards: Iterable[str]) -> list[Path]:
    """Remove unpublished pages of boards that are now published, and return the removed files."""
    places = [out / folder / f"{board}.md" for board in boards for folder in FOLDERS]
    found = [path for path in places if path.is_file() and not path.is_symlink()]
    for path in found:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return found
