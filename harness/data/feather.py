"""Feather files and Arrow IPC files or streams, as written by pyarrow and Hugging Face."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.feather

from ..core.errors import DataError
from ..core.library_calls import library_call
from .content import Content
from .parquet import from_arrow
from .raw import Raw
from .table_options import TableOptions


def read_feather(content: Content, options: TableOptions | None = None) -> Raw:
    """Read a table written by pandas, pyarrow or R.

    Raises
    ------
    DataError
        If the file is damaged, or its columns are not numbers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> file = Path(tempfile.mkdtemp(), "toy.feather")
    >>> pyarrow.feather.write_feather(pa.table({"a": [1.0, 2.0], "label": ["x", "y"]}), file)
    >>> read_feather(Content(file)).samples.tolist()
    [[1.0], [2.0]]
    """
    where = str(content.path)
    refusal = f"{where}: not a readable Arrow file: "
    with library_call(lambda reason: DataError(f"{refusal}{reason}. Get it again.")):
        if content.head(4) == b"\xff\xff\xff\xff":  # a stream has no magic number; it begins with its schema
            with pa.OSFile(where) as file:
                table = pa.ipc.open_stream(file).read_all()
        else:
            table = pyarrow.feather.read_table(content.path)
        table.validate(full=True)  # text that is not UTF-8, which would fail later
    return from_arrow(table, options or TableOptions(), where=where)
