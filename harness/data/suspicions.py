"""Notes on suspicious features: identifiers, labels, marks of missing values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.counts import counted, shortened
from ..core.interfaces import Floats, Labels
from ..core.mapped_rows import batches
from .advice import either, feature, typed

CLASSES = 30  # distinct whole numbers that may still be a label
FEW = 10  # with fewer rows, distinct values mean nothing
SENTINELS = (-99, -999, -9999, -99999, 999, 9999, 99999)  # values that many programs write for missing ones
MOST = 5  # columns named in a note
SOME = 50  # columns that others are compared with
_LABEL_ADVICE = "use it as the label, or leave it out"
_ROWS = 4096
_ID = re.compile(
    r"(?i:(.*[\s_.\-])?(id|ids|idx|index|uuid|key|row|rowid|nr|no|number|obs|timestamp|datetime)[\s_.\-]*)|.*[a-z](ID|Id)"
)
_ID_FIRST = re.compile(r"(?i:id[\s_.\-].*)")
_LABEL = re.compile(
    r"(?i:.*(class|label|target|categor|cluster|truth|outcome|diagnos|quality|species|variety).*|type|group|y)"
)


def column_notes(
    samples: NDArray[Any], names: Sequence[str | int], *, labelled: bool, where: str = ""
) -> tuple[str, ...]:
    """Report which columns of a table look like identifiers or labels.

    Identifiers: whole numbers with a name of an identifier, or that count the rows. Labels: few distinct
    whole numbers, with a name of a label, or in the last or first column of a table without one.

    Parameters
    ----------
    samples : ndarray of shape (n, d)
    names : sequence of str or int
    labelled : bool
        Whether the table has a label.

    Examples
    --------
    >>> rows = np.column_stack([np.arange(12)[::-1], np.arange(12) / 7, np.arange(12) % 2])
    >>> print("\\n".join(column_notes(rows, ["nr", "width", "kind"], labelled=False)))
    'nr' looks like an identifier and is a feature: drop=nr leaves it out
    'kind' looks like a label (2 distinct whole numbers) and is a feature: label=kind uses it, drop=kind \
leaves it out
    """
    if len(samples) <= FEW:
        return ()
    some = range(min(samples.shape[1], SOME))
    fractions = not all(_whole(samples[:, n]) for n in some)
    marks = [
        n for n, name in enumerate(names) if _may_identify(samples[:, n], name, first=fractions and n == 0)
    ]
    notes = [_identifiers([names[n] for n in marks], where)] if marks else []
    ends = (
        ()
        if labelled or 2 * sum(bool(_few(samples[:, n])) for n in some) > len(some)
        else (len(names) - 1, 0)
    )
    plain = [str(name).strip().lower() for name in names]
    named = [
        n for n, name in enumerate(plain) if _LABEL.fullmatch(name) and not (name == "y" and "x" in plain)
    ]
    counts = {n: count for n in (*named, *ends) if n not in marks and (count := _few(samples[:, n]))}
    found = [n for n in named if n in counts] or list(counts)[:1]
    if found:
        notes.append(_labels({names[n]: counts[n] for n in found}, where))
    return tuple(notes)


def _labels(counts: dict[str | int, int], where: str) -> str:
    names = list(counts)
    if len(names) == 1:
        shown = typed(names[0])
        way = f"label={shown} uses it, drop={shown} leaves it out"
        return (
            f"{names[0]!r} looks like a label ({counts[names[0]]} distinct whole numbers) and is a feature: "
            + either(where, way, _LABEL_ADVICE)
        )
    some, columns = _listed(names)
    way = f"label= uses one of them, drop={columns} leaves them out"
    return f"{some} look like labels (few distinct whole numbers) and are features: " + either(
        where, way, "use one of them as the label, or leave them out"
    )


def end_notes(samples: NDArray[Any]) -> tuple[str, ...]:
    """Report whether the last or first column of an array without labels looks like a label.

    Examples
    --------
    >>> end_notes(np.column_stack([np.arange(12) % 2, np.arange(12) / 7, np.arange(12) / 5]))
    ('column 0 looks like a label (2 distinct whole numbers) and is a feature: use it as the label, or leave \
it out',)
    """
    some = samples[:_ROWS, :SOME]
    if len(samples) <= FEW or 2 * sum(bool(_few(some[:, n])) for n in range(some.shape[1])) > some.shape[1]:
        return ()
    for n in (samples.shape[1] - 1, 0):
        if count := _few_of_all(samples, n):
            text = f"column {n} looks like a label ({count} distinct whole numbers) and is a feature"
            return (f"{text}: {_LABEL_ADVICE}",)
    return ()


def _identifiers(names: Sequence[str | int], where: str) -> str:
    if len(names) == 1:
        shown = typed(names[0])
        way = either(where, f"drop={shown} leaves it out", "leave it out")
        return f"{names[0]!r} looks like an identifier and is a feature: {way}"
    some, columns = _listed(names)
    way = either(where, f"drop={columns} leaves them out", "leave them out")
    return f"{some} look like identifiers and are features: {way}"


def _listed(names: Sequence[str | int]) -> tuple[str, str]:
    """Return the first names for a note, and as typed in an option."""
    return shortened([*map(repr, names)], MOST), typed(list(names[:MOST]))


def _may_identify(column: NDArray[Any], name: str | int, *, first: bool) -> bool:
    if not _whole(column):
        return False
    if isinstance(name, str) and (_ID.fullmatch(name.strip()) or _ID_FIRST.fullmatch(name.strip())):
        return 2 * len(np.unique(column)) >= len(column)
    counts = float(column.max()) - float(column.min()) == len(column) - 1
    return (counts or (first and isinstance(name, int))) and len(np.unique(column)) == len(column)


def _whole(column: NDArray[Any]) -> bool:
    if column.dtype.kind == "f":
        return bool(column[0] == np.trunc(column[0]) and (column == np.trunc(column)).all())
    return column.dtype.kind in "iu"


def _few(column: NDArray[Any]) -> int:
    """Return the number of distinct whole numbers in a column, if as few as classes; else 0."""
    if not _whole(column):
        return 0
    count = len(np.unique(column))
    return count if 2 <= count <= min(CLASSES, len(column) / 5) else 0


def _few_of_all(samples: NDArray[Any], n: int) -> int:
    """Return `_few` of a column, without all of it in memory."""
    found = np.empty(0)
    for _, block in batches(samples):
        if not _whole(block[:, n]):
            return 0
        found = np.union1d(found, block[:, n])
        if len(found) > CLASSES:
            return 0
    return len(found) if 2 <= len(found) <= len(samples) / 5 else 0


def value_notes(
    samples: Floats, truth: Labels | None, names: Sequence[str] = (), where: str = ""
) -> Iterator[str]:
    """Report features that equal the label, or hold numbers that mark missing values.

    Examples
    --------
    >>> rows = np.column_stack([np.arange(12) % 5, np.arange(12) % 2 + 7.0])
    >>> list(value_notes(rows, np.arange(12) % 2, ("a", "code")))
    ["'code' has one value per class, like the label: drop=code leaves it out"]
    >>> rows[[0, 3], 0] = -999
    >>> list(value_notes(rows, None, ("a", "code")))
    ["'a' is -999 in 2 rows, which often marks a missing value; here it is a number"]
    """
    if len(samples) <= FEW:
        return
    for n in _leaks(samples, truth)[:MOST]:
        way = (
            either(where, f"drop={typed(names[n])} leaves it out", "leave it out")
            if names
            else "leave it out"
        )
        yield f"{feature(n, names)} has one value per class, like the label: {way}"
    for n, value, count in list(_sentinels(samples))[:MOST]:
        rows = counted(count, "row")
        yield (
            f"{feature(n, names)} is {value} in {rows}, which often marks a missing value; here it is a "
            "number"
        )


def extremes(samples: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the smallest and the largest value of each feature.

    Examples
    --------
    >>> extremes(np.array([[1, 5], [3, 2]]))
    (array([1, 2]), array([3, 5]))
    """
    ends = [(block.min(axis=0), block.max(axis=0)) for _, block in batches(samples)]
    lows, highs = zip(*ends, strict=True)
    return np.min(lows, axis=0), np.max(highs, axis=0)


def _leaks(samples: Floats, truth: Labels | None) -> NDArray[np.intp]:
    """Return the columns in which each class has exactly one value, its own."""
    nothing = np.empty(0, dtype=np.intp)
    if truth is None or truth.max() < 1:
        return nothing
    known = np.flatnonzero(truth >= 0)
    classes, first = np.unique(truth[known], return_index=True)
    values = samples[known[first]]
    columns = np.arange(samples.shape[1])
    for start in (0, *range(FEW, len(known), _ROWS)):  # few rows decide most columns
        rows = known[start : start + (_ROWS if start else FEW)]
        own = values[:, columns][truth[rows]]
        columns = columns[(samples[np.ix_(rows, columns)] == own).all(axis=0)]
        if not len(columns):
            return nothing
    return columns[[len(np.unique(values[:, n])) == len(classes) for n in columns]]


def _sentinels(samples: Floats) -> Iterator[tuple[int, int, int]]:
    """Yield columns with a sentinel, a value far from all others, and its number of rows."""
    for extreme in extremes(samples):
        for n in np.flatnonzero(np.isin(extreme, SENTINELS)):
            column = samples[:, n]
            rest = column[column != extreme[n]]
            if len(rest) and np.abs(rest - extreme[n]).min() > rest.max() - rest.min():
                yield int(n), int(extreme[n]), len(column) - len(rest)
