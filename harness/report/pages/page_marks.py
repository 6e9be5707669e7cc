"""Mark in each page of a report: its file name, and the digest of its inputs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ...core.errors import HarnessError

HEAD = 512  # bytes within which the mark is
MARK = re.compile(
    rb'(?:<meta name="harness-report" content="|/\* harness-report )([a-z0-9./-]+) ([0-9a-z]+)(?:">| \*/)'
)
ALWAYS = "again"  # in place of a digest: always regenerate the page


def mark_of(path: Path, file: str) -> str | None:
    """Return the digest in the mark of a page, or None if there is no file.

    Parameters
    ----------
    path : Path
        Path of the page.
    file : str
        The file name its mark must have: a copy under another name belongs to the user.

    Raises
    ------
    HarnessError
        If the file was not written as this page, and so must not be overwritten.

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
            f"{str(path)!r} is not a page of a report, and was not overwritten. Move it, or name another "
            "folder with --out."
        )
    return made_from


def script_mark(file: str, digest: str) -> str:
    """Return the mark of a script, a comment at its beginning.

    Examples
    --------
    >>> script_mark("digits.full/compare.js", "0123ab")
    '/* harness-report digits.full/compare.js 0123ab */'
    """
    return f"/* harness-report {file} {digest} */"


def own_pages(folder: Path) -> Iterator[str]:
    """Yield the file of every report page in a folder.

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
    """Return the file and the digest in the mark of a page, both empty without a mark."""
    try:
        with path.open("rb") as file:
            found = MARK.search(file.read(HEAD))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise HarnessError(f"Cannot read {str(path)!r}: {error.strerror}.") from None
    return (found[1].decode(), found[2].decode()) if found else ("", "")
