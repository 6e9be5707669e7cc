"""Measure what the plain install and each extra take on disk, in the environment that runs this.

    python -m venv /tmp/all && /tmp/all/bin/pip install -c constraints.txt '.[all]'
    /tmp/all/bin/python studies/install_sizes.py docs/install.md

Sizes are of all files of all packages that are needed, compiled Python included; an extra's are of what it
adds to the plain install. Without a page they are printed.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OWN = "clustering-harness"
ROW = re.compile(r"^(\| `?([\w-]+)`? \|.*)\|[^|]*\|$", re.MULTILINE)


@cache
def size(name: str) -> int:
    """Return the bytes of an installed distribution's files."""
    paths = (path.locate() for path in metadata.files(name) or ())
    return sum(Path(path).stat().st_size for path in paths if Path(path).is_file())


def needed(names: Iterable[tuple[str, str]]) -> set[str]:
    """Return the distributions that some (name, extra) need, themselves included.

    Raises
    ------
    PackageNotFoundError
        When one of them is not installed.
    """
    waiting, seen = list(names), set[tuple[str, str]]()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        for line in metadata.requires(name) or ():
            each = Requirement(line)
            if each.marker is None or each.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(each.name), part) for part in ("", *each.extras)]
    return {name for name, _ in seen}


def sizes() -> dict[str, str]:
    """Return the size of the plain install, and what each extra adds to it."""
    plain = needed([(OWN, "")])
    found = {"none": _megabytes(plain)}
    for extra in metadata.metadata(OWN).get_all("Provides-Extra") or ():
        try:
            found[extra] = f"+ {_megabytes(needed([(OWN, extra)]) - plain)}"
        except metadata.PackageNotFoundError as error:
            found[extra] = f"{error.name} is not installed"
    return found


def filled(page: str, found: dict[str, str]) -> str:
    """Return a page whose table has the sizes in its last column."""
    return ROW.sub(lambda row: f"{row[1]}| {found[row[2]]} |" if row[2] in found else row[0], page)


def _megabytes(names: Iterable[str]) -> str:
    return f"{sum(map(size, names)) / 1e6:,.0f} MB"


def main(*words: str) -> int:
    """Print sizes, largest packages first, or write them into a page, and return an exit code."""
    if words:
        page = Path(words[0])
        page.write_text(filled(page.read_text(), sizes()))
        return 0
    for name in sorted(needed([(OWN, "")]), key=size, reverse=True):
        print(f"{size(name) / 1e6:8.1f} MB  {name}")
    print(*(f"{extra}: {megabytes}" for extra, megabytes in sizes().items()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
