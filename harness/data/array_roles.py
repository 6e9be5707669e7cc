"""Roles of named arrays, as in `.npz` and `.mat` files: samples, labels, and their train and test parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError, suggest
from .advice import line
from .raw import Raw, join
from .sparse import NOTE, dense

SAMPLES = ("x", "data", "samples", "features", "embeddings", "embedding", "images", "fea")
LABELS = (
    *("y", "label", "labels", "target", "targets", "class", "classes", "gnd"),
    *("fine_label", "fine_labels"),
)
_PARTS = {"train": "train", "training": "train", "test": "test", "testing": "test"}
_PARTS |= dict.fromkeys(("val", "valid", "validation"), "validation")
_WORDS = "|".join(_PARTS)
_BEFORE = re.compile(rf"(?P<part>{_WORDS})_?(?P<stem>.+)")
_AFTER = re.compile(rf"(?P<stem>.+?)_?(?P<part>{_WORDS})")


@dataclass(frozen=True)
class Name:
    """The name of an array: its part of the split (or none), and the rest of the name."""

    full: str
    part: str
    stem: str


def split_name(full: str) -> Name:
    """Split off the part of the split from a name, if the rest is a usual name.

    Examples
    --------
    >>> split_name("X_train").part, split_name("train_images").stem, split_name("latest").part
    ('train', 'images', '')
    """
    plain = full.strip().lower()
    for pattern in (_BEFORE, _AFTER):
        found = pattern.fullmatch(plain)
        if found and found["stem"] in (*SAMPLES, *LABELS):
            return Name(full, _PARTS[found["part"]], found["stem"])
    return Name(full, "", plain)


@dataclass(frozen=True)
class Arrays:
    """The arrays of a file.

    Parameters
    ----------
    names : sequence of str
    load : callable
        Returns an array, or a sparse matrix, by its name.
    where : str
        The file, for errors.
    """

    names: Sequence[str]
    load: Callable[[str], Any]
    where: str

    def parsed(self) -> list[Name]:
        """Return the names with their parts."""
        return [split_name(name) for name in self.names]


def assemble(arrays: Arrays, *, label: str | int | None = "auto", samples: str | None = None) -> Raw:
    """Choose samples and labels by the usual names, and join train and test parts.

    Parameters
    ----------
    label, samples : str, optional
        The name of an array, or what its names have in common where there are parts. `label=None`: none.

    Raises
    ------
    DataError
        If no array, or more than one, could be the samples or the labels.

    Examples
    --------
    >>> content = {"X": np.eye(3), "labels": np.arange(3), "classes": np.array(["a", "b"])}
    >>> raw = assemble(Arrays(list(content), content.__getitem__, "toy.npz"))
    >>> raw.label, raw.left_out
    ('labels', ("'classes' (another array)",))
    """
    chosen, notes = _samples(arrays, samples)
    parts = _parts(chosen)
    if len(parts) == 2 and "validation" in parts.values():
        notes.append("the validation part is used as the test part")
    elif len(parts) == 1 and (part := next(iter(parts.values()))):
        notes.append(f"only the {part} part")
    raws, used = [], set(parts)
    for name, part in parts.items():
        values = arrays.load(name)
        if hasattr(values, "toarray"):
            values = dense(values, arrays.where)
            notes.append(NOTE)
        truth, labels = _labels(arrays, label, part, values.shape[:1], only=len(parts) == 1)
        used |= {truth} if truth else set()
        raws.append(Raw(values, labels, label=truth))
    raw = raws[0] if len(raws) == 1 else join(*raws, where=arrays.where)
    names = ", ".join(dict.fromkeys(each.label for each in raws if each.label))
    return replace(raw, label=names, left_out=_left_out(arrays, used), notes=tuple(dict.fromkeys(notes)))


def _parts(chosen: Mapping[str, str]) -> dict[str, str]:
    """Return the names to read, with their parts: train and test, or validation in the place of one."""
    order = [part for part in ("train", "test", "validation", "") if part in chosen]
    return {chosen[part]: part for part in order[:2]}


def _left_out(arrays: Arrays, used: set[str]) -> tuple[str, ...]:
    rest = (name for name in arrays.parsed() if name.full not in used)
    return tuple(f"{name.full!r} ({f'{name.part} part' if name.part else 'another array'})" for name in rest)


def _samples(arrays: Arrays, given: str | None) -> tuple[dict[str, str], list[str]]:
    """Return the names of the samples by part, and notes."""
    names = arrays.parsed()
    if given is not None:
        return _given(arrays, given, "samples"), []
    found = [name for name in names if name.stem in SAMPLES]
    chosen = {name.part: name.full for name in found}
    if len(chosen) < len(found) or ("" in chosen and len(chosen) > 1):
        shown = " and ".join(repr(name.full) for name in found)
        advice = line(arrays.where, samples=found[0].full)
        raise DataError(f"{arrays.where}: samples are ambiguous between {shown}. Name one: {advice}.")
    if chosen:
        return chosen, []
    others = [name.full for name in names if name.stem not in LABELS]
    if len(others) == 1:
        return {"": others[0]}, [
            f"samples: {others[0]!r}, the only array" + " besides labels" * (len(names) > 1)
        ]
    raise _missing(arrays)


def _given(arrays: Arrays, given: str, what: str) -> dict[str, str]:
    """Return the array with a name, or by part the arrays whose names share it."""
    names, plain = arrays.parsed(), str(given).lower()
    for same in (
        [name for name in names if name.full == given],
        [name for name in names if name.full.lower() == plain],
    ):
        if len(same) == 1:
            return {same[0].part: same[0].full}
    parts = {}
    for name in names:
        for part, word in ((part, word) for word, part in _PARTS.items()):
            if name.full.lower() in (f"{plain}_{word}", f"{word}_{plain}"):
                parts[part] = name.full
    if not parts:
        raise DataError(
            f"{arrays.where}: no array {given!r} to take {what} from. Arrays: {_shown(arrays)}."
            f"{suggest(str(given), arrays.names)}"
        )
    return parts


def _labels(
    arrays: Arrays, label: str | int | None, part: str, n: tuple[int, ...], *, only: bool
) -> tuple[str, NDArray[Any] | None]:
    """Return the name and the values of the labels of a part; an empty name if there are none."""
    if label is None:
        return "", None
    if label != "auto":
        given = _given(arrays, str(label), "labels")
        name = given.get(part) or (next(iter(given.values())) if only else "")
        if not name:
            raise DataError(
                f"{arrays.where}: label={label!r} matches no labels of the {part} part. Give the common "
                "part of the names, "
                "e.g. label=y for y_train and y_test."
            )
        return name, _flat(arrays.load(name))
    found = [name.full for name in arrays.parsed() if name.part == part and name.stem in LABELS]
    if len(found) > 1:
        found = [name for name in found if _flat(arrays.load(name)).shape == n] or found
    if len(found) > 1:
        shown = " and ".join(map(repr, found))
        advice = line(arrays.where, label=split_name(found[0]).stem if part else found[0])
        raise DataError(f"{arrays.where}: labels are ambiguous between {shown}. Name one: {advice}.")
    return (found[0], _flat(arrays.load(found[0]))) if found else ("", None)


def _flat(labels: Any) -> NDArray[Any]:
    """Return labels that are a single column or row as one dimension."""
    array = np.asarray(labels)
    return array.ravel() if array.size == max(array.shape, default=0) else array


def _missing(arrays: Arrays) -> DataError:
    shapes = {name: np.shape(arrays.load(name)) for name in arrays.names}
    samples = max(arrays.names, key=lambda name: np.prod(shapes[name]), default="X")
    rows = shapes.get(samples, ())[:1]
    labels = [name for name in arrays.names if name != samples and rows == (np.prod(shapes[name]),)]
    options = {"samples": samples, **({"label": labels[0]} if labels else {})}
    return DataError(
        f"{arrays.where}: no array has a usual name for samples (X, data, images, X_train, ...), "
        f"got {_shown(arrays)}. Name the samples, and the labels if any: "
        f"{line(arrays.where, **options)}."
    )


def _shown(arrays: Arrays) -> str:
    names = sorted(arrays.names)
    return (", ".join(names[:12]) + (", ..." if len(names) > 12 else "")) or "none"
