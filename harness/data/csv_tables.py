"""Text tables such as CSV, compressed or not, with or without a header."""

from __future__ import annotations

import csv
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..core.counts import counted, shortened
from ..core.errors import DataError, brief_repr
from ..core.library_calls import library_call
from .advice import line
from .column_kinds import plain_name, text_columns, word_columns
from .column_roles import label_position, positions
from .content import Content
from .header_row import likely_number
from .large_numbers import restore_whole_numbers, rounded_columns
from .number_cells import numbers_in, zero_padded
from .raw import Raw
from .table_options import TableOptions
from .tables import from_frame
from .text_encoding import ENCODINGS, first_lines, known_encoding, likely_encodings
from .text_format import BLANKS, TextFormat, find_format


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
        If the file is empty, ragged or damaged, a cell is not a finite number, or the label is not clear.

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
    encodings = (known_encoding(encoding, where),) if encoding else likely_encodings(content)
    for each in encodings:
        try:
            head = first_lines(content, each)
            if not head.strip():
                raise DataError(f"{where}: the file is empty. Expected rows of numbers.")
            if any(letter < " " and letter not in "\t\r\n\f" for letter in head):
                raise DataError(
                    f"{where}: cannot read as CSV: it is not text. Check the format, or give the "
                    f"encoding, e.g. {line(where, encoding='utf-16-le')}."
                )
            with library_call(_refusal(where), only=csv.Error):
                written = find_format(head, sep=sep, decimal=decimal, header=header)
            frame, notes = _frame(content, written, options, each, where)
            break
        except UnicodeError as error:
            if each == encodings[-1]:
                raise DataError(
                    f"{where}: cannot read as text: {error}. Give the encoding, e.g. encoding=latin-1."
                ) from None
    raw = from_frame(frame, options, where=where, notes=(*_notes(written, each, encoding), *notes))
    return replace(raw, notes=(*raw.notes, *_padded(frame, written, raw.feature_names, where)))


def _refusal(where: str) -> Callable[[str], DataError]:
    return lambda reason: DataError(f"{where}: cannot read as CSV: {reason}. Check the format.")


def _unsplit(cell: str, where: str) -> DataError:
    """Return the error for a table whose separator was not found."""
    sep = next((mark for mark in ":~^/" if mark in cell), ";")
    return DataError(
        f"{where}: no separator found: the first row is one cell of text, {brief_repr(cell)}. Give the "
        f"separator, e.g. {line(where, sep=sep)}."
    )


def _parsed(content: Content, where: str, **parsing: Any) -> pd.DataFrame:
    """Read a table with pandas; encoding errors propagate, so that another encoding can be tried."""
    with library_call(_refusal(where), passing=UnicodeError):
        if not content.member and not content.packing[0]:  # a path is read faster than an open file
            plain: pd.DataFrame = pd.read_csv(content.path, compression=None, **parsing)
            return plain
        with content.open() as file:
            packed: pd.DataFrame = pd.read_csv(file, **parsing)
            return packed


def _notes(written: TextFormat, encoding: str, given: str | None) -> tuple[str, ...]:
    """Describe the separator, header and encoding if they are not the common ones."""
    decimal = written.marks.decimal
    shown = {"\t": "tab", BLANKS: "blanks"}.get(written.sep, repr(written.sep))
    marks = f"separator {shown}" + (f", decimal mark {decimal!r}" if decimal != "." else "")
    facts = [
        *([marks] if (written.sep, decimal) not in ((",", "."), ("\t", ".")) else []),
        *([] if written.header else ["no header: columns are numbered from 0"]),
        *([f"encoding {encoding}"] if encoding != ENCODINGS[0] and given is None else []),
    ]
    return (*facts, *written.notes)


def _padded(frame: pd.DataFrame, written: TextFormat, features: Sequence[str], where: str) -> list[str]:
    """Return a note on features whose first cells begin with 0: they may be codes rather than numbers."""
    found = zero_padded([*frame.columns], written.body)
    names = [name for name in features if name in found]
    if not names:
        return []
    cell = found[names[0]]
    drop = names[0] if len(names) == 1 else names if len(names) < 6 else "NAME"
    return [
        f"{shortened([*map(repr, names)])}: read as numbers, without the zeros before them ({cell!r} is "
        f"{int(cell)}). Codes are not numbers: leave them out with {line(where, drop=drop)}"
    ]


def _frame(
    content: Content, written: TextFormat, options: TableOptions, encoding: str, where: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read the table with pandas, its label column as text: 1, 01 and NA are names there."""
    names = _names(written, where)
    parsing: dict[str, Any] = {
        **{"sep": written.sep, "decimal": written.marks.decimal, "encoding": encoding},
        **{"skiprows": written.skip, "header": 0 if written.header and not written.commented else None},
        **{"names": names, "skipinitialspace": True},
    }
    position = label_position(names, options.label, options.drop, where=where)
    dropped = positions(names, options.drop, "drop", where)
    kept = {} if position is None or _words(written, position) else {names[position]: str}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", pd.errors.DtypeWarning)  # such a column is reported below, by cell
        frame = _parsed(content, where, converters=kept, **parsing)
        empty = frame.iloc[:, 0].isna().to_numpy(copy=True)
        if empty.any():
            empty[empty] = frame[empty].isna().all(axis=1)
            frame = frame[~empty].reset_index(drop=True)
        _restore(frame, content, where, empty, {position, *dropped}, parsing)
        notes = _read_numbers(frame, written, position)
        words = word_columns(frame, dropped)
        if position is None and frame.shape[1] == 1 and text_columns(frame):
            raise _unsplit(str(frame.iloc[0, 0]), where)
        if position is None and options.label == "auto" and len(words) == 1:
            position = words[0]
        if position is not None:
            column = frame.iloc[:, position]
            if not isinstance(column.dtype, pd.StringDtype) or column.isna().any():
                # a class named 1 was read as a number, or one named NA as missing
                parsing |= {"usecols": [position], "keep_default_na": False, "na_values": [""]}
                column = _parsed(content, where, dtype=str, **parsing).iloc[:, 0]
                column = column[~empty].reset_index(drop=True)
            frame[frame.columns[position]] = column.str.strip()
    if empty.any():
        notes.append(f"{empty.sum():,} empty rows left out")
    return frame, tuple(notes)


def _restore(
    frame: pd.DataFrame,
    content: Content,
    where: str,
    empty: NDArray[np.bool_],
    unused: set[int | None],
    parsing: dict[str, Any],
) -> None:
    """Read whole numbers that were rounded to equal floats again, exactly."""

    def text(n: int) -> pd.Series[Any]:
        column: pd.Series[Any] = _parsed(content, where, dtype=str, **parsing, usecols=[n]).iloc[:, 0]
        return column[~empty].reset_index(drop=True)

    restore_whole_numbers(frame, [n for n in rounded_columns(frame) if n not in unused], text)


def _words(written: TextFormat, column: int) -> bool:
    """Return whether the first cells of a column are words, which pandas reads unchanged and faster."""
    return bool(written.body) and all(
        cell and not likely_number(cell) for row in written.body for cell in row[column : column + 1]
    )


def _read_numbers(frame: pd.DataFrame, written: TextFormat, label: int | None) -> list[str]:
    """Replace columns of text that are numbers with separated thousands or marks for missing values."""
    notes: dict[str, list[str]] = {}
    marks = written.marks
    for n in text_columns(frame):
        name = frame.columns[n]
        found = numbers_in(frame[name], marks.decimal, thousands=marks.thousands) if n != label else None
        if found is not None:
            frame[name] = found[0]
            notes.setdefault(found[1], []).append(repr(name))
    return [f"{shortened(tuple(names))}: {note}" for note, names in notes.items() if note]


def _names(written: TextFormat, where: str) -> list[str | int]:
    """Return the names of the columns; all rows must have as many cells."""
    width = len(written.rows[0])
    for number, row in enumerate(written.rows[1:], start=2):
        if len(row) > width:
            cells = counted(width, "cell")
            raise DataError(
                f"{where}: cannot read as CSV: the first row has {cells}, row {number} has {len(row)}. "
                f"Remove titles above the table, quote cells that contain {written.sep!r}, or give another "
                "separator with sep=."
            )
    if not written.header:
        return list(range(width))
    plain = [plain_name(name) for name in written.rows[0]]
    for name, count in Counter(plain).items():
        if name and count > 1:
            raise DataError(f"{where}: several columns are named {name!r}. Rename them.")
    return [name.strip(" \t#") or f"Unnamed: {n}" for n, name in enumerate(written.rows[0])]
