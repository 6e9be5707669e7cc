"""Pages of boards that are not published, in the folder of those that are."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path

from ..core.protocols import PROTOCOLS

FOLDER = "unpublished"
FOLDERS = (FOLDER, "local")  # as an earlier version named it


def page_path(out: Path, board: str) -> Path:
    """Return where a run writes the page of a board: a published page stays as its records give it.

    Examples
    --------
    >>> page_path(Path("no-such-folder"), "digits.full").as_posix()
    'no-such-folder/digits.full.md'
    """
    published = (out / "records" / f"{board}.jsonl").exists()
    return (out / FOLDER if published else out) / f"{board}.md"


def is_unpublished(path: Path, published: Collection[str]) -> bool:
    """Whether a file, relative to a published folder, is the page of a board that a run wrote beside.

    Parameters
    ----------
    path : Path
    published : collection of str
        The boards that are published in the folder.

    Examples
    --------
    >>> places = ["unpublished/digits.full.md", "iris.full.md", "digits.full.md", "notes.md"]
    >>> [is_unpublished(Path(place), ["digits.full"]) for place in places]
    [True, True, False, False]
    """
    if path.suffix != ".md" or path.stem.rpartition(".")[2] not in PROTOCOLS:
        return False
    beside = path.parent.as_posix()
    return beside in FOLDERS or (beside == "." and path.stem not in published)


def remove_pages(out: Path, boards: Iterable[str]) -> list[Path]:
    """Remove the pages of boards that are published now, and return what was removed."""
    places = [out / folder / f"{board}.md" for board in boards for folder in FOLDERS]
    found = [path for path in places if path.is_file() and not path.is_symlink()]
    for path in found:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return found
