"""Text tables: CSV and its kin, compressed by gzip or not, with or without a header."""

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
from .column_roles import Names, assign_roles, is_numeric, label_position, plain_name
from .gzip_files import is_gzip, open_unpacked
from .text_format import TextFormat, find_format
from .to_dataset import Raw

_BROKEN = (pd.errors.ParserError, EOFError, gzip.BadGzipFile, zlib.error)
HEAD = 2**16  # bytes from which the format is found out
ENCODINGS = ("utf-8-sig", "cp1252")


def read_csv(
    path: Path,
    label: str | int | None = "auto",
    *,
    drop: Names = (),
    keep: Names = (),
    header: bool | None = None,
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> Raw:
    """Read a text table of numbers with at most one column of labels.

    Parameters
    ----------
    path : Path
    label : "auto", str, int or None
        The label column by name or position. "auto": see `harness.data.column_roles`. None: no labels.
    drop, keep : name or position, or several
        Columns to leave out, and columns to keep although they look like identifiers.
    header : bool, optional
        Whether the first row has names; found out by default, as are separator, decimal mark and encoding.
    sep, decimal, encoding : str, optional

    Raises
    ------
    DataError
        When the file is empty, ragged or damaged, a cell is not a finite number, or the label is not clear.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = file.write_text("width;class\\n1,5;01\\n2,5;1\\n")
    >>> raw = read_csv(file)
    >>> raw.samples.tolist(), list(raw.labels), raw.notes
    ([[1.5], [2.5]], ['01', '1'], ("separator ';', decimal mark ','", "label column: 'class'"))
    """
    where = str(path)
    encodings = (encoding,) if encoding else ENCODINGS
    for each in encodings:
        try:
            head = _head(path, each)
            if not head.strip():
                raise DataError(f"{where}: the file is empty, rows of numbers were expected.")
            if any(letter < " " and letter not in "\t\r\n\f" for letter in head):
                raise DataError(f"{where}: cannot be read as CSV: it is not text. Check its format.")
            written = find_format(head, sep=sep, decimal=decimal, header=header)
            frame = _frame(path, written, label, drop, each, where)
            break
        except UnicodeError as error:
            if each == encodings[-1]:
                raise DataError(f"{where}: cannot be read as text: {error}. Give its encoding=.") from None
        except LookupError:
            raise DataError(f"{where}: unknown encoding {each!r}. Give one, e.g. latin-1.") from None
        except _BROKEN as error:
            reason = str(error).strip().splitlines()[-1]
            raise DataError(f"{where}: cannot be read as CSV: {reason}.") from error
    notes = _notes(written, each, encoding)
    return from_frame(frame, label, where=where, drop=drop, keep=keep, notes=notes)


def _head(path: Path, encoding: str) -> str:
    """Return the first lines of a file, whole ones."""
    with open_unpacked(path) as file:
        raw = file.read(HEAD)
    if len(raw) == HEAD:
        raw = raw[: raw.rfind(b"\n") + 1] or raw
    return raw.decode(encoding)


def _notes(text_format: TextFormat, encoding: str, given: str | None) -> tuple[str, ...]:
    """Describe the separator, header and encoding if they are not the common ones."""
    shown = {"\t": "tab", r"\s+": "blanks"}.get(text_format.sep, repr(text_format.sep))
    marks = f"separator {shown}" + (
        f", decimal mark {text_format.decimal!r}" if text_format.decimal != "." else ""
    )
    facts = [
        *([marks] if (text_format.sep, text_format.decimal) not in ((",", "."), ("\t", ".")) else []),
        *([] if text_format.header else ["no header: columns are named by position, from 0"]),
        *([f"encoding {encoding}"] if encoding != ENCODINGS[0] and given is None else []),
    ]
    return tuple(facts)


def _frame(
    path: Path, text_format: TextFormat, label: str | int | None, drop: Names, encoding: str, where: str
) -> pd.DataFrame:
    """Read the table by pandas, its label column as text: 1, 01 and NA are names there."""
    names = _names(text_format, where)
    options: dict[str, Any] = {
        **{"sep": text_format.sep, "decimal": text_format.decimal, "encoding": encoding},
        **{"compression": "gzip" if is_gzip(path) else None, "header": 0 if text_format.header else None},
        "skipinitialspace": True,
    }
    position = label_position(names, label, drop, where=where)
    dtype = {} if position is None else {names[position]: str}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # such a column is reported below, by cell
        frame: pd.DataFrame = pd.read_csv(path, dtype=dtype, **options)
        text = [n for n in range(frame.shape[1]) if not is_numeric(frame.iloc[:, n])]
        if position is None and label == "auto" and len(text) == 1:
            position = text[0]
        if position is not None:
            column = frame.iloc[:, position]
            if not dtype or column.isna().any():  # NA and the like were taken for missing
                options |= {"usecols": [position], "keep_default_na": False, "na_values": [""]}
                column = pd.read_csv(path, dtype=str, **options).iloc[:, 0]
            frame[frame.columns[position]] = column.str.strip()
    if text_format.header:
        frame.columns = pd.Index([name.strip(" \t#") for name in frame.columns])
    return frame


def _names(text_format: TextFormat, where: str) -> list[str | int]:
    """Return the names of the columns, as pandas gives them; in all rows there must be as many cells."""
    width = len(text_format.rows[0])
    for number, row in enumerate(text_format.rows[1:], start=2):
        if len(row) > width:
            raise DataError(
                f"{where}: cannot be read as CSV: Expected {width} fields in line {number}, saw {len(row)}."
            )
    if not text_format.header:
        return list(range(width))
    plain = [plain_name(name) for name in text_format.rows[0]]
    for name in plain:
        if name and plain.count(name) > 1:
            raise DataError(f"{where}: several columns are named {name!r}. Give them names of their own.")
    return [name or f"Unnamed: {n}" for n, name in enumerate(text_format.rows[0])]


def from_frame(
    frame: pd.DataFrame,
    label: str | int | None,
    *,
    where: str,
    drop: Names = (),
    keep: Names = (),
    notes: tuple[str, ...] = (),
) -> Raw:
    """Split a table into numeric samples and labels; 784 feature columns are images of 28 x 28.

    Raises
    ------
    DataError
        Naming the column, and the data row from 1, of the first cell that is not a finite number.

    Examples
    --------
    >>> from_frame(pd.DataFrame({"y": [0, 1], "a": [1, 2]}), "auto", where="toy").samples.tolist()
    [[1], [2]]
    """
    if frame.empty:
        raise DataError(f"{where}: there are no rows of data, only a header of {frame.shape[1]} columns.")
    names: Sequence[str | int] = frame.columns.tolist()
    roles = assign_roles(frame, label, drop=drop, keep=keep, where=where)
    labels = None if roles.label is None else _labels(names[roles.label], frame.iloc[:, roles.label], where)
    if not roles.features:
        beside = "" if roles.label is None else f" beside the label column {names[roles.label]!r}"
        raise DataError(f"{where}: there are no feature columns{beside}.")
    features = frame.iloc[:, roles.features]
    samples = features.to_numpy(np.result_type(*features.dtypes.unique()))  # else bool with int is object
    if samples.dtype.kind == "f" and not np.isfinite(samples.sum()):
        _check_finite(samples, [names[column] for column in roles.features], where)
    shape = (28, 28, 1) if samples.shape[1] == 784 else None
    return Raw(samples, labels, image_shape=shape, notes=(*notes, *roles.notes))


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
