"""Text tables: CSV and its kin, compressed by gzip or not, with or without a header."""

from __future__ import annotations

import csv
import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd

from ..core.errors import DataError
from ..core.library_calls import library_call
from .column_roles import is_numeric, label_position, plain_name
from .content import Content
from .raw import Raw
from .table_options import TableOptions
from .tables import from_frame
from .text_format import TextFormat, find_format

HEAD = 2**16  # bytes from which the format is found out
ENCODINGS = ("utf-8-sig", "cp1252")


def read_csv(
    content: Content,
    options: TableOptions | None = None,
    *,
    header: bool | None = None,
    sep: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
) -> Raw:
    """Read a text table of numbers with at most one column of labels.

    Parameters
    ----------
    content : Content
    options : TableOptions, optional
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
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = file.write_text("width;class\\n1,5;01\\n2,5;1\\n")
    >>> raw = read_csv(Content(file))
    >>> raw.samples.tolist(), list(raw.labels), raw.notes
    ([[1.5], [2.5]], ['01', '1'], ("separator ';', decimal mark ','",))
    """
    where, options = str(content.path), options or TableOptions()
    encodings = (_known(encoding, where),) if encoding else ENCODINGS
    raw = content.head(HEAD)
    for each in encodings:
        try:
            head = _whole_lines(raw).decode(each)
            if not head.strip():
                raise DataError(f"{where}: the file is empty, rows of numbers were expected.")
            if any(letter < " " and letter not in "\t\r\n\f" for letter in head):
                raise DataError(f"{where}: cannot be read as CSV: it is not text. Check its format.")
            with library_call(_refusal(where), only=csv.Error):
                written = find_format(head, sep=sep, decimal=decimal, header=header)
            frame = _frame(content, written, options, each, where)
            break
        except UnicodeError as error:
            if each == encodings[-1]:
                raise DataError(f"{where}: cannot be read as text: {error}. Give its encoding=.") from None
    return from_frame(frame, options, where=where, notes=_notes(written, each, encoding))


def _refusal(where: str) -> Callable[[str], DataError]:
    return lambda reason: DataError(f"{where}: cannot be read as CSV: {reason}. Check its format.")


def _known(encoding: str, where: str) -> str:
    """Return an encoding that Python has for text."""
    try:
        "1".encode(encoding)
    except UnicodeError:
        return encoding
    except (LookupError, ValueError):
        raise DataError(f"{where}: unknown encoding {encoding!r}. Give one, e.g. latin-1.") from None
    return encoding


def _whole_lines(head: bytes) -> bytes:
    """Return the first bytes of a file without a line that is cut off."""
    return head if len(head) < HEAD else head[: head.rfind(b"\n") + 1] or head


def _parsed(content: Content, where: str, **parsing: Any) -> pd.DataFrame:
    """Read a table by pandas; an error of the encoding passes, as another one may be tried."""
    with library_call(_refusal(where), passing=UnicodeError), content.open() as file:
        frame: pd.DataFrame = pd.read_csv(file, **parsing)
    return frame


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
    content: Content, text_format: TextFormat, options: TableOptions, encoding: str, where: str
) -> pd.DataFrame:
    """Read the table by pandas, its label column as text: 1, 01 and NA are names there."""
    names = _names(text_format, where)
    parsing: dict[str, Any] = {
        **{"sep": text_format.sep, "decimal": text_format.decimal, "encoding": encoding},
        **{"header": 0 if text_format.header else None},
        "skipinitialspace": True,
    }
    position = label_position(names, options.label, options.drop, where=where)
    dtype = {} if position is None else {names[position]: str}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # such a column is reported below, by cell
        frame = _parsed(content, where, dtype=dtype, **parsing)
        text = [n for n in range(frame.shape[1]) if not is_numeric(frame.iloc[:, n])]
        if position is None and options.label == "auto" and len(text) == 1:
            position = text[0]
        if position is not None:
            column = frame.iloc[:, position]
            if not dtype or column.isna().any():  # NA and the like were taken for missing
                parsing |= {"usecols": [position], "keep_default_na": False, "na_values": [""]}
                column = _parsed(content, where, dtype=str, **parsing).iloc[:, 0]
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
