"""Tables in Excel workbooks: one sheet each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..core.errors import DataError, suggest
from ..core.library_calls import library_call
from .advice import line
from .content import Content
from .header_row import has_header
from .raw import Raw
from .table_options import TableOptions
from .tables import from_frame


def read_excel(
    content: Content,
    options: TableOptions | None = None,
    *,
    sheet: str | int | None = None,
    header: bool | None = None,
) -> Raw:
    """Read the first sheet of a workbook, or the one with a given name or position.

    Parameters
    ----------
    content : Content
    options : TableOptions, optional
    sheet : str or int, optional
    header : bool, optional
        Whether the first row has names; found out by default, as in text tables.

    Raises
    ------
    DataError
        If the file is damaged or there is no such sheet.
    """
    where = str(content.path)
    refusal = f"{where}: not a readable workbook: "
    with (
        library_call(lambda reason: DataError(f"{refusal}{reason}. Save it again.")),
        pd.ExcelFile(content.path, engine="openpyxl") as book,
    ):
        names = [str(name) for name in book.sheet_names]
        chosen = _chosen(names, sheet, where)
        cells = pd.read_excel(
            book, sheet_name=chosen, header=None, dtype=object, keep_default_na=False, na_values=[""]
        )
    cells = cells.dropna(how="all").dropna(axis=1, how="all")
    if cells.empty:
        raise DataError(f"{where}: the sheet {chosen!r} is empty.{_line_for_another(names, chosen, where)}")
    frame, named = _with_header(cells, header)
    others = ", ".join(repr(name) for name in names if name != chosen)
    notes = (
        *([f"sheet {chosen!r}; not read: {others}"] if others else []),
        *([] if named else ["no header: columns are numbered from 0"]),
    )
    try:
        return from_frame(frame, options or TableOptions(), where=where, notes=notes)
    except DataError as error:
        if sheet is not None or not others:
            raise
        raise DataError(
            f"{error} This is the first sheet, {chosen!r}.{_line_for_another(names, chosen, where)}"
        ) from None


def _chosen(names: list[str], sheet: str | int | None, where: str) -> str:
    if sheet is None:
        return names[0]
    if str(sheet) in names:
        return str(sheet)
    if isinstance(sheet, int) and -len(names) <= sheet < len(names):
        return names[sheet]
    shown = ", ".join(names)
    raise DataError(f"{where}: no sheet {sheet!r}. Sheets: {shown}.{suggest(str(sheet), names)}")


def _line_for_another(names: list[str], chosen: str, where: str) -> str:
    other = next((name for name in names if name != chosen), None)
    return f" Name another: {line(where, sheet=other)}." if other is not None else ""


def _with_header(cells: pd.DataFrame, header: bool | None) -> tuple[pd.DataFrame, bool]:
    """Take the names of columns from the first row, if it has names; return whether it has."""
    head = cells.head(100).map(lambda cell: "" if pd.isna(cell) else str(cell).strip()).values.tolist()
    named = has_header(head) if header is None else header
    frame = cells.iloc[1:] if named else cells
    names: list[Any] = (
        [name or f"Unnamed: {n}" for n, name in enumerate(head[0])] if named else list(range(cells.shape[1]))
    )
    return frame.reset_index(drop=True).set_axis(names, axis=1), named
