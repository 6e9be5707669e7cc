"""Parquet files: Hugging Face style images with labels, or plain tables of numbers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from ..core.errors import DataError
from ..core.library_calls import library_call
from .arrow_columns import to_frame
from .column_roles import label_position
from .content import Content
from .image_files import stack
from .tables import TableOptions, from_frame
from .to_dataset import Raw, join


def files_in(folder: Path) -> list[Path]:
    """Return the parquet files of a folder, or else of its subfolder `data`, by name."""
    return sorted(folder.glob("*.parquet")) or sorted(folder.glob("data/*.parquet"))


def read_parquet(content: Content, options: TableOptions | None = None) -> Raw:
    """Read one parquet file, see `read_files`."""
    return read_files([content.path], options)


def read_folder(folder: Path, options: TableOptions | None = None) -> Raw:
    """Read a folder of parquet files; `train*` and `test*` become the official split, others are left out.

    Without both of these, all files are read as one table in the order of their names.
    """
    files = files_in(folder)
    train, test = ([file for file in files if file.name.startswith(part)] for part in ("train", "test"))
    if train and test:
        return join(read_files(train, options), read_files(test, options), where=str(folder))
    return read_files(files, options)


def read_files(files: Sequence[Path], options: TableOptions | None = None) -> Raw:
    """Read parquet files of one schema as one table.

    Images lie in a column of binary values, or of structs with `bytes`, as PNG or JPEG. Other columns of such
    a file are left out, except the label column.

    Raises
    ------
    DataError
        When a file is damaged, schemas differ, or an image or number cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.parquet")
    >>> pq.write_table(pa.table({"a": [1.0, 2.0], "label": ["x", "y"]}), file)
    >>> read_files([file]).samples.tolist()
    [[1.0], [2.0]]
    """
    where, options = str(files[0]), options or TableOptions()
    tables = []
    for file in files:
        tables.append(_read_table(file))
        if not tables[-1].schema.equals(tables[0].schema):
            raise DataError(
                f"{file}: parquet files of one dataset must have the same columns and types, got "
                f"{_shown(tables[-1].schema)}, but {files[0].name} has {_shown(tables[0].schema)}."
            )
    return from_arrow(pa.concat_tables(tables), options, where=where)


def from_arrow(table: Any, options: TableOptions, *, where: str) -> Raw:
    """Take images with labels from a table of Arrow, or else columns of numbers.

    Examples
    --------
    >>> from_arrow(pa.table({"a": [[1, 2], [3, 4]]}), TableOptions(), where="toy").samples.tolist()
    [[1, 2], [3, 4]]
    """
    image = _image_column(table.schema)
    if image is not None:
        return _images(table, image, options, where)
    with _damage(where):
        frame, notes = to_frame(table, options)
    frame.columns = [name if isinstance(name, str | int) else str(name) for name in frame.columns]
    return from_frame(frame, options, where=where, notes=notes)


def _read_table(file: Path) -> Any:
    """Read a parquet file, unless it claims more rows than the memory of this machine can hold."""
    with _damage(str(file)):
        claim = pq.read_metadata(file)
        if 4 * claim.num_rows * claim.num_columns > psutil.virtual_memory().total:  # as float32
            shape = f"{claim.num_rows:,} rows of {claim.num_columns:,} columns"
            raise ValueError(f"{shape} are more than memory holds")
        table = pq.read_table(file)
        str(table.schema)  # decodes the names of columns, which fails here if they are damaged
    return table


@contextmanager
def _damage(where: str) -> Iterator[None]:
    refusal = "{}: not a readable parquet file: {}. Get it again, or write it again with pyarrow or pandas."
    with library_call(lambda reason: DataError(refusal.format(where, reason))):
        yield


def _shown(schema: Any) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)


def _image_column(schema: Any) -> str | None:
    names = [field.name for field in schema if _holds_bytes(field.type)]
    return next((name for name in ("image", "img") if name in names), names[0] if names else None)


def _holds_bytes(kind: Any) -> bool:
    if pa.types.is_struct(kind):
        return "bytes" in [kind.field(i).name for i in range(kind.num_fields)]
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _images(table: Any, image: str, options: TableOptions, where: str) -> Raw:
    names = table.schema.names
    cells = enumerate(table.column(names.index(image)))
    samples = stack(
        [(f"{where}, row {row} (from 0)", _content(cell, row, where)) for row, cell in cells]
    ).samples
    position = label_position(names, options.label, options.drop, where=where)
    if position is None:
        return Raw(samples)
    column = table.column(position)
    if column.null_count:
        raise DataError(
            f"{where}: every row needs a label, got {column.null_count} empty in {names[position]!r}."
        )
    with _damage(where):
        labels = np.asarray(column.to_pandas())
    left_out = tuple(
        f"{name!r} (beside the images)" for name in names if name not in (image, names[position])
    )
    class_names = _class_names(table.schema.metadata, names[position], where)
    return Raw(samples, labels, class_names=class_names, label=names[position], left_out=left_out)


def _content(cell: Any, row: int, where: str) -> bytes:
    with _damage(where):
        value = cell.as_py()
    content = value.get("bytes") if isinstance(value, dict) else value
    if not isinstance(content, bytes) or not content:
        raise DataError(
            f"{where}: row {row} (counted from 0) has no image bytes. Embed the images in the file."
        )
    return content


def _class_names(metadata: dict[bytes, bytes] | None, label: str, where: str) -> tuple[str, ...]:
    """Return the names that a Hugging Face ClassLabel column keeps in the schema, or none."""
    text = (metadata or {}).get(b"huggingface")
    if text is None:
        return ()
    with _damage(where):
        info = json.loads(text)
    try:
        return tuple(map(str, info["info"]["features"][label]["names"]))
    except (KeyError, IndexError, TypeError):  # of another kind than a ClassLabel
        return ()
