"""Files and folders in a folder, without those added by operating systems."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_SYSTEM = ("__macosx", "__pycache__", "thumbs.db", "desktop.ini")


def is_hidden(name: str) -> bool:
    """Return whether a file or folder is hidden, or added by the operating system.

    Examples
    --------
    >>> is_hidden(".DS_Store"), is_hidden("Thumbs.db"), is_hidden("a.png")
    (True, True, False)
    """
    return name.startswith(".") or name.lower() in _SYSTEM


def folders_in(root: Path) -> list[Path]:
    """Return the folders in a folder, by name."""
    return sorted(path for path in root.iterdir() if path.is_dir() and not is_hidden(path.name))


def parquet_files(folder: Path) -> list[Path]:
    """Return the parquet files of a folder, or else of its subfolder `data`, or of others."""
    files = sorted(folder.glob("*.parquet")) or sorted(folder.glob("data/*.parquet"))
    if files or not all(path.suffix == ".parquet" for path in walk(folder) if path.parent != folder):
        return files
    return sorted(path for path in folder.glob("*/*.parquet") if not is_hidden(path.parent.name))


def walk(root: Path) -> Iterator[Path]:
    """Yield the files in a folder and its subfolders in the order of their paths.

    Links to folders are yielded too, and not followed.
    """
    found = []
    for place, folders, files in os.walk(root):
        folders[:] = [name for name in folders if not is_hidden(name)]
        links = [name for name in folders if Path(place, name).is_symlink()]
        found += [Path(place, name) for name in (*files, *links) if not is_hidden(name)]
    yield from sorted(found)
