"""Conversion of a table to samples and labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core.errors import DataError
from .column_roles import Roles, assign_roles
from .exact import plain_columns, to_array
from .one_hot import one_hot
from .raw import Raw
from .suspicions import column_notes
from .table_options import NO_LABEL, TableOptions

Seen = tuple[pd.DataFrame, Roles | None]  # a parsed table, and its roles if they are clear
_WATCHERS: ContextVar[list[Seen] | None] = ContextVar("_WATCHERS", default=None)


@contextmanager
def watched_frames() -> Iterator[list[Seen]]:
    """Collect all tables read in this context, even refused ones: for `harness datasets show`."""
    frames: list[Seen] = []
    token = _WATCHERS.set(frames)
    try:
        yield frames
    finally:
        _WATCHERS.reset(token)


def from_frame(frame: pd.DataFrame, options: TableOptions, *, where: str, notes: tuple[str, ...] = ()) -> Raw:
    """Split a table into numeric samples and labels; 784 feature columns are images of 28 x 28.

    Raises
    ------
    DataError
        If a cell is not a finite number; it names the column and the data row, from 1.

    Examples
    --------
    >>> from_frame(pd.DataFrame({"y": [0, 1], "a": [1, 2]}), TableOptions(), where="toy").samples.tolist()
    [[1], [2]]
    """
    if frame.empty:
        raise DataError(f"{where}: no rows of data, only a header of {frame.shape[1]} columns.")
    index = _index(frame)
    frame, encoded = one_hot(frame, options.one_hot, where=where)
    notes += encoded
    frame = plain_columns(frame)
    names: Sequence[str | int] = frame.columns.tolist()
    watchers = _WATCHERS.get()
    if watchers is not None:
        watchers.append((frame, None))
    roles = assign_roles(frame, options.label, drop=options.drop, keep=options.keep, where=where)
    if watchers is not None:
        watchers[-1] = (frame, roles)
    labels = None if roles.label is None else label_array(frame.iloc[:, roles.label])
    if not roles.features:
        beside = "" if roles.label is None else f" besides the label column {names[roles.label]!r}"
        raise DataError(f"{where}: no feature columns{beside}.")
    samples = to_array(frame.iloc[:, roles.features], where=where)
    shape = (28, 28, 1) if samples.shape[1] == 784 else None
    if shape is None and options.label is not None:
        chosen = [names[column] for column in roles.features]
        labelled = roles.reason not in ("", "the only text")
        notes += column_notes(samples, chosen, labelled=labelled, where=where)
    return Raw(
        samples,
        labels,
        image_shape=shape,
        feature_names=tuple(str(names[column]) for column in roles.features),
        label="" if roles.label is None else str(names[roles.label]),
        left_out=(
            *index,
            *(f"{names[position]!r} ({reason})" for position, reason in roles.left_out.items()),
        ),
        notes=notes if roles.label is not None or options.label is None else (*notes, NO_LABEL),
    )


def _index(frame: pd.DataFrame) -> tuple[str, ...]:
    """Describe the index of a frame, unless it only counts the rows."""
    named = [repr(name) for name in frame.index.names if name is not None]
    if not named and pd.api.types.is_integer_dtype(frame.index.dtype):
        return ()
    return (f"{', '.join(named) or frame.index.dtype} (the index)",)


def label_array(column: pd.Series[Any]) -> NDArray[Any]:
    """Return labels as whole numbers if these format to the same text, else unchanged."""
    if column.isna().any():
        return np.array(
            [None if gap else _text(cell) for cell, gap in zip(column, column.isna(), strict=True)]
        )
    codes, distinct = pd.factorize(column)  # only distinct ones: they are few
    words = np.asarray(distinct)
    if words.dtype.kind != "O" or not all(isinstance(value, str) for value in words):
        return np.asarray(column)
    for kind in (np.int64, np.float64):
        try:
            numbers = words.astype(kind)
        except (ValueError, OverflowError):
            continue
        if [str(number) for number in numbers.tolist()] == words.tolist():
            return numbers[codes]
    return words[codes]


def _text(label: Any) -> str:
    """Return a label as text; whole numbers are floats in a column with gaps."""
    return str(int(label)) if isinstance(label, float) and label.is_integer() else str(label)
