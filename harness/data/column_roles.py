"""Roles of a table's columns: label, left out, or feature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from ..core.errors import DataError, suggest
from .advice import line
from .column_kinds import identifier, plain_name, text_columns, word_columns
from .not_numbers import not_numbers
from .table_options import Names

LABELS = ("label", "labels", "class", "target", "species")  # and y, in a table without x


@dataclass(frozen=True)
class Roles:
    """Positions of the label column, of the features, and of what is left out, with the reasons."""

    label: int | None
    features: list[int]
    left_out: dict[int, str] = field(default_factory=dict)
    reason: str = ""  # why that column is the label


def find_label(columns: Sequence[str | int], label: str | int | None, *, where: str) -> int | None:
    """Return the position of the label column by its name, or None if there is none.

    Raises
    ------
    DataError
        If the named column does not exist, or several columns have a name of a label.

    Examples
    --------
    >>> find_label(["width", "Class"], "auto", where="toy.csv")
    1
    >>> find_label(["x", "y"], "auto", where="toy.csv") is None
    True
    """
    if label is None:
        return None
    if label != "auto" or "auto" in columns:
        return _position(columns, label, "label", where)
    plain = [plain_name(column) for column in columns]
    candidates = [position for position, name in enumerate(plain) if name in LABELS]
    if not candidates and "y" in plain and "x" not in plain:
        candidates = [plain.index("y")]
    if len(candidates) > 1:
        first, second = (columns[position] for position in candidates[:2])
        raise DataError(
            f"{where}: the label is ambiguous between columns {first!r} and {second!r}. Name one, and leave "
            f"out the other: {line(where, label=first, drop=second)}."
        )
    return candidates[0] if candidates else None


def label_position(
    columns: Sequence[str | int], label: str | int | None, drop: Names, *, where: str
) -> int | None:
    """Return the position of the label column, by name only, among those not left out.

    Of 785 columns it is the first if none is named so: MNIST is often written as a class and 28 x 28 pixels.

    Examples
    --------
    >>> label_position(["target", "a", "label"], "auto", "label", where="toy.csv")
    0
    """
    if label != "auto":
        return find_label(columns, label, where=where)
    dropped = positions(columns, drop, "drop", where)
    rest = [position for position in range(len(columns)) if position not in dropped]
    position = find_label([columns[position] for position in rest], label, where=where)
    if position is None and len(rest) == 785:
        position = 0
    return None if position is None else rest[position]


def assign_roles(
    frame: pd.DataFrame, label: str | int | None, *, drop: Names = (), keep: Names = (), where: str
) -> Roles:
    """Assign a role to each column of a table.

    Parameters
    ----------
    frame : DataFrame
    label : "auto", str, int or None
    drop, keep : name or position, or several
        Columns to leave out; and columns that stay features although they look like identifiers.
    where : str
        The file, for errors.

    Raises
    ------
    DataError
        If the label column is not clear, or a feature is not a number.

    Examples
    --------
    >>> frame = pd.DataFrame({"id": [7, 3, 5], "width": [1.5, 2.5, 3.5], "species": ["a", "b", "a"]})
    >>> roles = assign_roles(frame, "auto", where="toy.csv")
    >>> roles.label, roles.features, roles.left_out
    (2, [1], {0: 'distinct in every row'})
    """
    columns: Sequence[str | int] = frame.columns.tolist()
    dropped = positions(columns, drop, "drop", where)
    kept = positions(columns, keep, "keep", where)
    rest = [position for position in range(len(columns)) if position not in dropped]
    chosen = label_position(columns, label, drop, where=where)
    why = _why(columns, label, chosen)
    text = set(text_columns(frame))
    left_out = dict.fromkeys(sorted(dropped), "by drop")
    for position in rest:
        if position not in {chosen, *kept}:
            reason = identifier(frame, position, text=position in text)
            left_out |= {position: reason} if reason else {}
    features = [position for position in rest if position != chosen and position not in left_out]
    if label == "auto" and chosen is None and (words := word_columns(frame, {*left_out, *kept})):
        gone = [columns[position] for position in sorted(dropped)]
        chosen, why = _only_text([columns[n] for n in words], words, gone, where), "the only text"
        features.remove(chosen)
    if wrong := [position for position in features if position in text]:
        gone = [columns[position] for position in sorted(dropped)]
        named = None if chosen is None else columns[chosen]
        alone = len(wrong) == len(features)
        raise not_numbers(frame, wrong, where, label=named, given=label, dropped=gone, alone=alone)
    return Roles(chosen, features, left_out, why)


def _why(columns: Sequence[str | int], label: str | int | None, chosen: int | None) -> str:
    if chosen is None or label != "auto":
        return "by label=" if label != "auto" else ""
    return "by its name" if plain_name(columns[chosen]) in (*LABELS, "y") else "the first of 785 columns"


def _only_text(
    names: Sequence[str | int], positions: Sequence[int], dropped: Sequence[str | int], where: str
) -> int:
    """Return the only column of text, which must be the label."""
    if len(names) > 1:
        first, second = names[:2]
        rest = second if len(names) == 2 and not dropped else [*dropped, *names[1:]]
        raise DataError(
            f"{where}: the label is ambiguous between columns {first!r} and {second!r}: both hold text, so "
            f"neither can be a feature. Name the label, and leave out the rest: "
            f"{line(where, label=first, drop=rest)}."
        )
    return positions[0]


def positions(columns: Sequence[str | int], names: Names, what: str, where: str) -> set[int]:
    """Return the positions of columns that an option names by name or by position."""
    several = [names] if isinstance(names, str | int) else list(names)
    return {_position(columns, name, what, where) for name in several}


def _position(columns: Sequence[str | int], name: str | int, what: str, where: str) -> int:
    """Return the position of a column that is named by its name or by its position."""
    width = len(columns)
    if name in columns:
        return list(columns).index(name)
    if isinstance(name, int):
        if -width <= name < width:
            return name % width
        raise DataError(f"{where}: no {what} column {name}. Columns: 0 to {width - 1}.")
    plain = [plain_name(column) for column in columns]
    if plain.count(plain_name(name)) == 1:
        return plain.index(plain_name(name))
    words = [str(column) for column in columns]
    shown = ", ".join(words[:12]) + (", ..." if width > 12 else "")
    raise DataError(f"{where}: no column {name!r}. Columns: {shown}.{suggest(str(name), words)}")
