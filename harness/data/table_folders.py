"""Folders of text tables: a train and a test table are the official split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ..core.errors import DataError
from .folder_files import is_hidden
from .raw import Raw, join
from .splits import find_split

SUFFIXES = (".csv", ".tsv", ".data", ".txt")


def tables_in(folder: Path) -> list[Path]:
    """Return the text tables of a folder, compressed by gzip or not, by name."""
    plain = ((path, Path(path.name.lower().removesuffix(".gz"))) for path in sorted(folder.iterdir()))
    return [
        path
        for path, name in plain
        if name.suffix in SUFFIXES and path.is_file() and not is_hidden(path.name)
    ]


def read_folder(folder: Path, files: Sequence[Path], read_file: Callable[[Path], Raw]) -> Raw:
    """Read the train and the test table of a folder, each by `read_file`.

    Raises
    ------
    DataError
        If there are not exactly these two, or they differ in their columns.
    """
    split = find_split(files)
    if split is None or len(split.train) > 1 or len(split.test) > 1:
        shown = ", ".join(file.name for file in files[:5]) + (", ..." if len(files) > 5 else "")
        raise DataError(
            f"{folder}: expected one table named train and one named test, got {shown}. Give one file: "
            f'"{files[0]}".'
        )
    raw = join_parts(read_file(split.train[0]), read_file(split.test[0]), str(folder))
    others = (
        path.name for path in sorted(folder.iterdir()) if path not in files and not is_hidden(path.name)
    )
    left_out = (*raw.left_out, *split.left_out, *(f"{name!r} (not a table)" for name in others))
    return replace(raw, left_out=left_out, notes=(*split.notes, *raw.notes))


def join_parts(train: Raw, test: Raw, where: str) -> Raw:
    """Join the two parts of a table; their labels must have the same name.

    Raises
    ------
    DataError
        If the parts differ in their columns.
    """
    if train.label != test.label:
        names = f"{train.label or 'none'!r}, of the test part {test.label or 'none'!r}"
        raise DataError(
            f"{where}: the label of the train part is {names}. Name it with label=, or use label=None."
        )
    return join(train, test, where=where)
