"""ARFF files of Weka and OpenML, as tables; a nominal attribute may be the label."""

from __future__ import annotations

import codecs
import re
from dataclasses import replace
from io import StringIO

import pandas as pd
from scipy.io import arff

from ..core.errors import DataError
from ..core.library_calls import library_call
from .column_roles import label_position
from .content import Content
from .exact import is_number
from .raw import Raw
from .table_options import TableOptions
from .tables import from_frame


def read_arff(content: Content, options: TableOptions | None = None) -> Raw:
    """Read numeric and nominal attributes; ``?`` is a missing value.

    The only nominal attribute is the label, also if its values are numerals, unless another one is named so.

    Raises
    ------
    DataError
        If the file is damaged, or has attributes of text or sparse rows, which scipy does not read.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp(), "toy.arff")
    >>> text = "@relation toy\\n@attribute a numeric\\n@attribute kind {0, 1}\\n@data\\n1.5, 0\\n2.5, 1\\n"
    >>> _ = file.write_text(text)
    >>> raw = read_arff(Content(file))
    >>> raw.samples.tolist(), raw.labels.tolist(), raw.label
    ([[1.5], [2.5]], [0, 1], 'kind')
    """
    where, options = str(content.path), options or TableOptions()
    refusal, advice = f"{where}: cannot read as ARFF: ", "Save it as .csv if it has text or sparse rows"
    with library_call(lambda reason: DataError(f"{refusal}{reason}. {advice}.")), content.open() as file:
        records, meta = arff.loadarff(StringIO(_ascii(file.read())))
    frame = pd.DataFrame(records)
    nominal = [name for name in meta.names() if meta[name][0] == "nominal"]
    for name in nominal:
        frame[name] = frame[name].str.decode("ascii").map(_unescaped).replace("?", None)
    frame.columns = pd.Index(map(_unescaped, frame.columns))
    nominal = list(map(_unescaped, nominal))
    position = label_position(list(frame.columns), options.label, options.drop, where=where)
    if options.label == "auto" and position is None and len(nominal) == 1:
        options, position = replace(options, label=nominal[0]), list(frame.columns).index(nominal[0])
    notes = numerals(frame, [name for name in nominal if list(frame.columns).index(name) != position])
    return from_frame(frame, options, where=where, notes=notes)


def numerals(frame: pd.DataFrame, nominal: list[str]) -> tuple[str, ...]:
    """Convert nominal attributes to numbers if all their values are numbers, and return notes on them."""
    numbers = [name for name in nominal if all(map(is_number, frame[name].dropna()))]
    for name in numbers:
        frame[name] = frame[name].astype(float)
    return (f"nominal attributes read as numbers: {', '.join(numbers)}",) if numbers else ()


def _ascii(raw: bytes) -> str:
    """Escape non-ASCII letters, which scipy refuses in nominal values."""
    return raw.removeprefix(codecs.BOM_UTF8).decode("ascii", "backslashreplace")


def _unescaped(text: str) -> str:
    raw = re.sub(rb"\\x([0-9a-f]{2})", lambda found: bytes([int(found[1], 16)]), text.encode())
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
