"""Datasets of a suite: the text that opens each, and its name on leaderboards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...core.spec import display
from ...core.suite import SuiteDataset
from ...data.battery import data_name, references
from ...data.content import unpacked_name
from .local_files import archive_file, local_file
from .model import Archive, Item


def members(items: Sequence[Item], folder: Path) -> Iterator[SuiteDataset]:
    """Yield the datasets that a suite's file lists; paths are relative to its folder."""
    for item in items:
        if item.dataset is not None:
            name = item.dataset.replace(":", "-") if item.dataset.startswith("openml:") else item.dataset
            yield SuiteDataset(name, item.group, (item.dataset,), (name,))
            continue
        path = folder / Path(item.path or "").expanduser() if item.path else local_file(item)
        yield file_member(path, item.group, item.name or stem(path), item.options)


def file_member(path: Path, group: str, name: str, options: Mapping[str, Any] | None = None) -> SuiteDataset:
    """Return a file as a dataset; one with several labellings beside it has a leaderboard for each.

    Examples
    --------
    >>> file_member(Path("flowers.csv"), "own", "flowers", {"label": "hue"}).texts
    ("flowers.csv(label='hue', name='own-flowers')",)
    """
    options = options or {}
    known = [] if "reference" in options else [*references(path)]
    return _member(path, group, name, known, options)


def archived(archive: Archive) -> Iterator[SuiteDataset]:
    """Yield the datasets of an archive, whether it has been fetched or not."""
    for battery, datasets in archive.batteries.items():
        for name, count in datasets.items():
            yield _member(archive_file(archive, battery, name), battery, name, range(count), {})


def stem(path: Path) -> str:
    """Return a file's name without its suffixes.

    Examples
    --------
    >>> stem(Path("fcps/atom.data.gz")), stem(Path("flowers.csv"))
    ('atom', 'flowers')
    """
    return data_name(path) if references(path) else Path(unpacked_name(path)).stem


def _member(
    path: Path, group: str, name: str, known: Sequence[int], options: Mapping[str, Any]
) -> SuiteDataset:
    whole = f"{group}-{name}" if group else name
    if len(known) < 2:
        return SuiteDataset(whole, group, (display(str(path), {**options, "name": whole}),), (whole,))
    boards = tuple(f"{whole}.{number}" for number in known)
    texts = (
        display(str(path), {**options, "name": board, "reference": number})
        for board, number in zip(boards, known, strict=True)
    )
    return SuiteDataset(whole, group, tuple(texts), boards)
