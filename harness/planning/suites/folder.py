"""A user's own folder as a suite: batteries, tables and arrays, one dataset per file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from ...core.counts import shortened
from ...core.errors import DataError
from ...core.suite import Suite, SuiteDataset
from ...data.battery import datasets_in
from ...data.content import unpacked_name
from ...data.folder_files import folders_in, is_hidden
from ...data.formats import FORMATS
from .members import file_member, stem

_SUFFIXES = {suffix for each in FORMATS.values() for suffix in each.suffixes}
_ABOUT = re.compile(r"(readme|licen[cs]e|copying|citation|changelog)\b.*", re.IGNORECASE)


def folder_suite(folder: Path) -> tuple[Suite, list[str]]:
    """Return a folder as a suite, and notes on the files that are no datasets of it.

    Files lie in the folder itself or in sub-folders, which are the groups of the suite.

    Raises
    ------
    DataError
        If it holds no dataset.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp())
    >>> (place / "plants").mkdir()
    >>> _ = (place / "plants" / "roses.csv").write_text("1,2\\n3,4\\n")
    >>> [dataset.name for dataset in folder_suite(place)[0].datasets]
    ['plants-roses']
    """
    members: list[SuiteDataset] = []
    others: list[str] = []
    for place in (folder, *folders_in(folder)):
        group = "" if place == folder else place.name
        found, rest = _files(place)
        members += _named(found, group)
        others += [f"{group}/{name}" if group else name for name in rest]
    if not members:
        raise DataError(
            f"{folder}: no dataset in it or its sub-folders. Expected NAME.data.gz with labels in "
            "NAME.labels0.gz beside it, or tables or arrays, each a dataset, e.g. NAME.csv."
        )
    name = re.sub(r"[^\w.-]+", "-", folder.resolve().name).strip("-._") or "suite"
    notes = [f"Left out, since they are not data: {shortened(tuple(others))}"] if others else []
    return Suite(name, "", "", "", "", "full", (), "mean", tuple(members)), notes


def _files(folder: Path) -> tuple[list[Path], list[str]]:
    """Return the files of data in a folder, and the names of those that are something else."""
    labelled = datasets_in(folder)
    described = {f"{stem(file)}.txt" for file in labelled}
    kept, others = list(labelled), []
    for file in sorted(folder.iterdir()):
        beside = re.fullmatch(r".+\.labels\d+(\.gz)?", file.name) or file.name in described
        if file in labelled or beside or not file.is_file() or is_hidden(file.name):
            continue
        if _ABOUT.fullmatch(file.name):
            continue
        suffix = Path(unpacked_name(file)).suffix.lower()
        if suffix in _SUFFIXES:
            kept.append(file)
        else:
            others.append(file.name)
    return sorted(kept), others


def _named(files: list[Path], group: str) -> Iterator[SuiteDataset]:
    """Yield the files by their names without suffixes; where several have one name, by whole names."""
    count = Counter(map(stem, files))
    for file in files:
        yield file_member(file, group, stem(file) if count[stem(file)] == 1 else file.name)
