"""The mark in each page of a report: which file it was written as, and a digest of what it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import HarnessError

HEAD = 512  # bytes within which the mark stands
MARK = re.compile(rb'<meta name="harness-report" content="([a-z0-9./-]+) ([0-9a-z]+)">')
ALWAYS = "again"  # in place of a digest: the page is to be made anew in any case


def mark_of(path: Path, file: str) -> str | None:
    """Return the digest in the mark of a page, or None where there is no file.

    Parameters
    ----------
    path : Path
        Where the page is.
    file : str
        The name that its mark must have: a copy under another name is its owner's.

    Raises
    ------
    HarnessError
        When the file was not written as this page of a report, so that it must stay.

    Examples
    --------
    >>> mark_of(Path("no-such.html"), "no-such.html") is None
    True
    """
    found = _read(path)
    if found is None:
        return None
    name, made_from = found
    if name != file:
        raise HarnessError(
            f"{str(path)!r} is no page of a report, and stays. Name another folder with --out, or move it."
        )
    return made_from


def own_pages(folder: Path) -> Iterator[str]:
    """Yield the file of every page in a folder that a report wrote there.

    Examples
    --------
    >>> list(own_pages(Path("no-such-folder")))
    []
    """
    for path in sorted([*folder.glob("*.html"), *folder.glob("*/*.html")]):
        file = path.relative_to(folder).as_posix()
        found = _read(path)
        if found is not None and found[0] == file:
            yield file


def _read(path: Path) -> tuple[str, str] | None:
    """Return the file and the digest that the mark of a page names, both empty where it has no mark."""
    try:
        with path.open("rb") as file:
            found = MARK.search(file.read(HEAD))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise HarnessError(f"{str(path)!r} cannot be read: {error.strerror}.") from None
    return (found[1].decode(), found[2].decode()) if found else ("", "")
