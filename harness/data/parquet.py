"""Parquet files: Hugging Face style images with labels, or plain tables of numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ..core.errors import DataError
from .column_roles import label_position
from .images import stack
from .tables import TableOptions, from_frame
from .to_dataset import Raw, join


def files_in(folder: Path) -> list[Path]:
    """Return the parquet files of a folder, or else of its subfolder `data`, by name."""
    return sorted(folder.glob("*.parquet")) or sorted(folder.glob("data/*.parquet"))


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
        try:
            tables.append(pq.read_table(file))
        except (pa.ArrowException, OSError) as error:
            reason = str(error).splitlines()[0]
            raise DataError(f"{file}: not a readable parquet file: {reason}. Get it again.") from error
        if not tables[-1].schema.equals(tables[0].schema):
            raise DataError(
                f"{file}: parquet files of one dataset must have the same columns and types, got "
                f"{_shown(tables[-1].schema)}, but {files[0].name} has {_shown(tables[0].schema)}."
            )
    table = pa.concat_tables(tables)
    image = _image_column(table.schema)
    if image is not None:
        return _images(table, image, options, where)
    return from_frame(table.to_pandas(), options, where=where)


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
    cells = enumerate(cell.as_py() for cell in table.column(image))
    samples = stack((f"{where}, row {row} (from 0)", _content(cell, row, where)) for row, cell in cells)
    names = [str(name) for name in table.schema.names]
    position = label_position(names, options.label, options.drop, where=where)
    if position is None:
        return Raw(samples)
    column = table.column(position)
    if column.null_count:
        raise DataError(
            f"{where}: every row needs a label, got {column.null_count} empty in {names[position]!r}."
        )
    labels = np.asarray(column.to_pandas())
    left_out = tuple(
        f"{name!r} (beside the images)" for name in names if name not in (image, names[position])
    )
    class_names = _class_names(table.schema.metadata, names[position])
    return Raw(samples, labels, class_names=class_names, label=names[position], left_out=left_out)


def _content(cell: Any, row: int, where: str) -> bytes:
    content = cell.get("bytes") if isinstance(cell, dict) else cell
    if not content:
        raise DataError(
            f"{where}: row {row} (counted from 0) has no image bytes. Embed the images in the file."
        )
    return bytes(content)


def _class_names(metadata: dict[bytes, bytes] | None, label: str) -> tuple[str, ...]:
    """Return the names that a Hugging Face ClassLabel column keeps in the schema, or none."""
    try:
        features = json.loads((metadata or {})[b"huggingface"])["info"]["features"]
        return tuple(str(name) for name in features[label]["names"])
    except (KeyError, TypeError, ValueError):
        return ()
