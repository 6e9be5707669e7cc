"""From a table to samples and labels, whatever file it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core.errors import DataError
from .column_roles import Names, assign_roles
from .to_dataset import Raw

NO_LABEL = "no label column was found; name one with label="


@dataclass(frozen=True)
class TableOptions:
    """How the columns of a table are taken.

    Parameters
    ----------
    label : "auto", str, int or None
        The label column by name or position. "auto": see `harness.data.column_roles`. None: no labels.
    drop, keep : name or position, or several
        Columns to leave out, and columns to keep although they look like identifiers.
    """

    label: str | int | None = "auto"
    drop: Names = ()
    keep: Names = ()


def from_frame(frame: pd.DataFrame, options: TableOptions, *, where: str, notes: tuple[str, ...] = ()) -> Raw:
    """Split a table into numeric samples and labels; 784 feature columns are images of 28 x 28.

    Raises
    ------
    DataError
        Naming the column, and the data row from 1, of the first cell that is not a finite number.

    Examples
    --------
    >>> from_frame(pd.DataFrame({"y": [0, 1], "a": [1, 2]}), TableOptions(), where="toy").samples.tolist()
    [[1], [2]]
    """
    if frame.empty:
        raise DataError(f"{where}: there are no rows of data, only a header of {frame.shape[1]} columns.")
    names: Sequence[str | int] = frame.columns.tolist()
    roles = assign_roles(frame, options.label, drop=options.drop, keep=options.keep, where=where)
    labels = None if roles.label is None else _labels(names[roles.label], frame.iloc[:, roles.label], where)
    if not roles.features:
        beside = "" if roles.label is None else f" beside the label column {names[roles.label]!r}"
        raise DataError(f"{where}: there are no feature columns{beside}.")
    features = frame.iloc[:, roles.features]
    samples = features.to_numpy(np.result_type(*features.dtypes.unique()))  # else bool with int is object
    if samples.dtype.kind == "f" and not np.isfinite(samples.sum()):
        _check_finite(samples, [names[column] for column in roles.features], where)
    shape = (28, 28, 1) if samples.shape[1] == 784 else None
    return Raw(
        samples,
        labels,
        image_shape=shape,
        label="" if roles.label is None else str(names[roles.label]),
        left_out=tuple(f"{names[position]!r} ({reason})" for position, reason in roles.left_out.items()),
        notes=notes if roles.label is not None or options.label is None else (*notes, NO_LABEL),
    )


def _labels(name: str | int, column: pd.Series[Any], where: str) -> NDArray[Any]:
    """Return labels as whole numbers if these read back as the same text, else as they are."""
    missing = np.flatnonzero(column.isna())
    if len(missing):
        raise DataError(
            f"{where}: every row needs a label, got none in data row {missing[0] + 1}, "
            f"column {name!r}. Fill or drop such rows."
        )
    labels = np.asarray(column)
    if labels.dtype.kind != "O" or not all(isinstance(value, str) for value in labels):
        return labels
    for kind in (np.int64, np.float64):
        try:
            numbers = labels.astype(kind)
        except (ValueError, OverflowError):
            continue
        if [str(number) for number in numbers.tolist()] == labels.tolist():
            return numbers
    return labels


def _check_finite(samples: NDArray[Any], names: Sequence[str | int], where: str) -> None:
    bad = np.argwhere(~np.isfinite(samples))
    if len(bad):
        row, column = bad[0]
        value = samples[row, column]
        got = "an empty cell (or too short a row)" if np.isnan(value) else str(value)
        raise DataError(
            f"{where}: values must be finite, got {got} in data row {row + 1}, column "
            f"{names[column]!r}. Fill or drop such rows."
        )
