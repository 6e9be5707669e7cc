"""Parquet files: Hugging Face style images with labels, or plain tables of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq

from ..core.counts import counted
from ..core.errors import DataError
from .arrow_columns import to_frame
from .content import Content
from .folder_files import is_hidden, parquet_files
from .hub_images import class_names, damage, image_column, read_images
from .raw import Raw
from .splits import Split, find_split, part_of
from .table_folders import join_parts
from .table_options import TableOptions
from .tables import from_frame


def read_parquet(content: Content, options: TableOptions | None = None) -> Raw:
    """Read one parquet file, see `read_files`."""
    return read_files([content.path], options)


def read_folder(folder: Path, options: TableOptions | None = None) -> Raw:
    """Read a folder of parquet files; files named train and test become the official split.

    Without both of these, all files are read as one table in the order of their names.

    Raises
    ------
    DataError
        If the files belong to several datasets, or the parts differ in their columns.
    """
    files, options, where = parquet_files(folder), options or TableOptions(), str(folder)
    split = find_split(files)
    places, parts = {file.parent for file in files}, {part_of(file.name) for file in files}
    if len(places) > 1 or (split is None and len(parts) > 1):
        several = [str(place) for place in sorted(places)] if len(places) > 1 else list(map(str, files))
        names = ", ".join(Path(each).name for each in several[:5])
        raise DataError(f'{folder}: not one dataset: {names}. Give one of them, e.g. "{several[0]}".')
    if split is None:
        raw = from_arrow(_joined(files), options, where=where)
        notes = [f"{len(files)} files read as one table"] if len(files) > 1 else []
    else:
        raw, notes = _split(split, options, where), [*split.notes]
    left_out = (*raw.left_out, *(split.left_out if split else ()), *_others(folder, files))
    return replace(raw, left_out=left_out, notes=(*notes, *raw.notes))


def _split(split: Split, options: TableOptions, where: str) -> Raw:
    train, test = (_joined(part) for part in (split.train, split.test))
    if image_column(train.schema) is not None:  # together, so that all images have one background and size
        _check_same(split.test[0], test.schema, split.train[0], train.schema)
        return read_images(pa.concat_tables([train, test]), options, where=where, n_train=len(train))
    _check_classes(split.test[0], test.schema, split.train[0], train.schema)
    first, second = (from_arrow(table, options, where=where) for table in (train, test))
    return join_parts(first, second, where)


def _others(folder: Path, files: Sequence[Path]) -> Iterator[str]:
    used = {*files, *(file.parent for file in files)}
    for path in sorted(folder.iterdir()):
        if path not in used and not is_hidden(path.name):
            yield f"{path.name!r} (not a parquet file)"


def read_files(files: Sequence[Path], options: TableOptions | None = None) -> Raw:
    """Read parquet files of one schema as one table.

    Images lie in a column of binary values, or of structs with `bytes`, as PNG or JPEG. Other columns of such
    a file are left out, except the label column.

    Raises
    ------
    DataError
        If a file is damaged, schemas differ, or an image or number cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.parquet")
    >>> pq.write_table(pa.table({"a": [1.0, 2.0], "label": ["x", "y"]}), file)
    >>> read_files([file]).samples.tolist()
    [[1.0], [2.0]]
    """
    return from_arrow(_joined(files), options or TableOptions(), where=str(files[0]))


def from_arrow(table: Any, options: TableOptions, *, where: str) -> Raw:
    """Convert an Arrow table: images with labels, else columns of numbers.

    Examples
    --------
    >>> from_arrow(pa.table({"a": [1, 2]}), TableOptions(), where="toy").samples.tolist()
    [[1], [2]]
    """
    if image_column(table.schema) is not None:
        return read_images(table, options, where=where)
    with damage(where):
        frame, notes = to_frame(table, options)
    frame.columns = [name if isinstance(name, str | int) else str(name) for name in frame.columns]
    return from_frame(frame, options, where=where, notes=notes)


def _joined(files: Sequence[Path]) -> Any:
    """Read files of one schema as one table."""
    tables = []
    for file in files:
        tables.append(_read_table(file))
        _check_same(file, tables[-1].schema, files[0], tables[0].schema)
    return pa.concat_tables(tables)


def _check_same(file: Path, schema: Any, first: Path, expected: Any) -> None:
    if not schema.equals(expected):
        raise DataError(
            f"{file}: parquet files of one dataset must have the same columns and types, got "
            f"{_shown(schema)}, but {first.name} has {_shown(expected)}."
        )
    _check_classes(file, schema, first, expected)


def _check_classes(file: Path, schema: Any, first: Path, expected: Any) -> None:
    """Refuse files in which one number means different classes."""
    own, others = class_names(schema, str(file)), class_names(expected, str(first))
    for column in own.keys() & others.keys():
        if own[column] != others[column]:
            shown = (", ".join((*names[:3], "...")) for names in (own[column], others[column]))
            raise DataError(
                f"{file}: the classes of column {column!r} differ from those of {first.name}, so one number "
                f"would mean two classes: {' and '.join(shown)}."
            )


def _read_table(file: Path) -> Any:
    """Read a parquet file, unless it claims more rows than memory can hold."""
    with damage(str(file)):
        claim = pq.read_metadata(file)
        if 4 * claim.num_rows * claim.num_columns > psutil.virtual_memory().total:  # as float32
            shape = f"{counted(claim.num_rows, 'row')} of {counted(claim.num_columns, 'column')}"
            raise ValueError(f"{shape} do not fit in memory")
        table = pq.read_table(file)
        str(table.schema)  # decodes column names; fails here if they are damaged
        table.validate(full=True)  # checks UTF-8 and offsets, which reading does not
    return table


def _shown(schema: Any) -> str:
    return ", ".join(f"{field.name} ({field.type})" for field in schema)
