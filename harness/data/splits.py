"""Official splits by names of folders and files: train and test; validation is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_PARTS = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("test", "testing", "t10k"), "test"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "validation"),
}


@dataclass(frozen=True)
class Split:
    """Paths of the train and test parts, other files with the reason, and guesses."""

    train: list[Path]
    test: list[Path]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def part_of(name: str) -> str:
    """Return the part of a split that occurs as a word in a name, or nothing.

    Examples
    --------
    >>> part_of("Train"), part_of("valid-00000-of-00001.parquet"), part_of("trainers"), part_of("train-test")
    ('train', 'validation', '', '')
    """
    words = re.split(r"[^a-z0-9]+", name.lower())
    parts = {_PARTS[word] for word in words if word in _PARTS}
    return parts.pop() if len(parts) == 1 else ""


def find_split(paths: Iterable[Path]) -> Split | None:
    """Return the train and the test part, or None if there are not both.

    Without a test part, validation takes its place, with a note.

    Examples
    --------
    >>> find_split([Path("train"), Path("val")]).notes
    ("'val' is used as the test part",)
    >>> find_split([Path("train"), Path("val"), Path("test"), Path("extra")]).left_out
    ("'val' (validation part)", "'extra' (neither train nor test)")
    """
    parts: dict[str, list[Path]] = {"train": [], "test": [], "validation": [], "": []}
    for path in paths:
        parts[part_of(path.name)].append(path)
    train, test, validation = parts["train"], parts["test"], parts["validation"]
    notes: tuple[str, ...] = ()
    if not test and validation:
        test, validation = validation, []
        notes = tuple(f"{path.name!r} is used as the test part" for path in test)
    if not train or not test:
        return None
    left_out = [f"{path.name!r} (validation part)" for path in validation]
    left_out += [f"{path.name!r} (neither train nor test)" for path in parts[""]]
    return Split(train, test, tuple(left_out), notes)
