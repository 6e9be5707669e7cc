"""CSV tables, compressed by gzip or not, with or without a header."""

from __future__ import annotations

import gzip
import warnings
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core.errors import DataError
from .labels import choose
from .to_dataset import Raw

_BROKEN = (pd.errors.ParserError, UnicodeDecodeError, EOFError, gzip.BadGzipFile, zlib.error)


def read_csv(path: Path, label: str | int | None = "auto") -> Raw:
    """Read a CSV (or, by its suffix, TSV) file of numbers with at most one column of labels.

    The first row is a header where it has text above a number, or counts 0, 1, 2, ... as pandas does.

    Parameters
    ----------
    label : "auto", str, int or None
        The label column by name or position. "auto" takes a column named label, class, target or y; or the
        first where there is no header or there are 785 columns. None: no labels.

    Raises
    ------
    DataError
        When the file is empty, ragged or damaged, or a cell is not a finite number.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = file.write_text("width,class\\n1.5,a\\n2.5,b\\n")
    >>> raw = read_csv(file)
    >>> raw.samples.tolist(), list(raw.labels)
    ([[1.5], [2.5]], ['a', 'b'])
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", pd.errors.DtypeWarning
            )  # such a column is reported below, by cell
            frame = _frame(path)
    except pd.errors.EmptyDataError:
        raise DataError(f"{path}: the file is empty, rows of numbers were expected.") from None
    except _BROKEN as error:
        raise DataError(f"{path}: cannot be read as CSV: {str(error).strip().splitlines()[-1]}.") from error
    return from_frame(frame, label, where=str(path))


def _frame(path: Path) -> pd.DataFrame:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    options: dict[str, Any] = {
        "sep": "\t" if path.name.removesuffix(".gz").endswith(".tsv") else ",",
        "compression": "gzip" if packed else None,
        "encoding": "utf-8-sig",
    }
    head = pd.read_csv(path, header=None, nrows=2, dtype=str, **options)
    header = 0 if _has_header([list(row) for row in head.itertuples(index=False)]) else None
    frame: pd.DataFrame = pd.read_csv(path, header=header, **options)
    return _without_index(frame)


def _without_index(frame: pd.DataFrame) -> pd.DataFrame:
    """Drop a nameless first column that only counts the rows, as pandas writes it unless told not to.

    As a feature it would tell the order of the rows, and so often their classes.
    """
    first = frame.columns[0] if len(frame.columns) else ""
    if isinstance(first, str) and first.startswith("Unnamed: 0"):
        values = frame[first].to_numpy()
        if values.dtype.kind in "iu" and (values == values[:1] + range(len(values))).all():
            return frame.drop(columns=first)
    return frame


def _has_header(rows: list[list[object]]) -> bool:
    first = rows[0]
    if len(first) > 2 and [str(cell) for cell in first] == [str(i) for i in range(len(first))]:
        return True
    if len(rows) == 1:
        return not any(map(_is_number, first))
    return any(_is_number(below) and not _is_number(cell) for cell, below in zip(*rows, strict=True))


def _is_number(cell: object) -> bool:
    try:
        float(str(cell))
    except ValueError:
        return False
    return True


def from_frame(frame: pd.DataFrame, label: str | int | None, *, where: str) -> Raw:
    """Split a table into numeric samples and labels; 784 feature columns are images of 28 x 28.

    Raises
    ------
    DataError
        Naming the column, and the data row from 1, of the first cell that is no finite number.

    Examples
    --------
    >>> from_frame(pd.DataFrame({"y": [0, 1], "a": [1, 2]}), "auto", where="toy").samples.tolist()
    [[1], [2]]
    """
    if frame.empty:
        raise DataError(f"{where}: there are no rows of data, only a header of {frame.shape[1]} columns.")
    names: Sequence[str | int] = frame.columns.tolist()
    position = choose(names, label, where=where)
    labels = None if position is None else _labels(names[position], frame.iloc[:, position], where)
    columns = [column for column in range(frame.shape[1]) if column != position]
    features = frame.iloc[:, columns]
    if features.shape[1] == 0:
        raise DataError(f"{where}: there are no feature columns beside the label column {names[0]!r}.")
    for column in columns:
        _check_numeric(names[column], frame.iloc[:, column], where)
    samples = features.to_numpy(np.result_type(*features.dtypes.unique()))  # else bool with int is object
    if samples.dtype.kind == "f" and not np.isfinite(samples.sum()):
        _check_finite(samples, [names[column] for column in columns], where)
    shape = (28, 28, 1) if samples.shape[1] == 784 else None
    return Raw(samples, labels, image_shape=shape)


def _labels(name: str | int, column: pd.Series[Any], where: str) -> NDArray[Any]:
    missing = np.flatnonzero(column.isna())
    if len(missing):
        raise DataError(
            f"{where}: every row needs a label, got none in data row {missing[0] + 1}, "
            f"column {name!r}. Fill or drop such rows."
        )
    return np.asarray(column)


def _check_numeric(name: str | int, column: pd.Series[Any], where: str) -> None:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biuf":
        return
    row = next((row for row, cell in enumerate(column) if not _is_number(cell)), 0)
    raise DataError(
        f"{where}: column {name!r} must hold numbers, got {column.iloc[row]!r} in data row {row + 1}. "
        f"Drop the column, or choose it with label={name!r}."
    )


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
