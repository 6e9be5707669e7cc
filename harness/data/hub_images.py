"""Images in a column of an Arrow table, with labels, as written by Hugging Face."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from ..core.errors import DataError
from ..core.library_calls import library_call
from .advice import line
from .column_kinds import plain_name
from .column_roles import label_position
from .image_files import stack
from .raw import Raw
from .table_options import NO_LABEL, TableOptions

_LABELS = ("label", "labels", "class", "target", "targets", "fine_label", "coarse_label")  # or a ClassLabel


@contextmanager
def damage(where: str) -> Iterator[None]:
    """Turn any error of pyarrow and json into one that names the file."""
    refusal = "{}: not a readable parquet file: {}. Get it again, or write it again with pyarrow or pandas."
    with library_call(lambda reason: DataError(refusal.format(where, reason))):
        yield


def image_column(schema: Any) -> str | None:
    """Return the name of the column of images: binary values, or structs with `bytes`.

    Examples
    --------
    >>> image_column(pa.schema({"img": pa.binary(), "label": pa.int64()}))
    'img'
    """
    names = [field.name for field in schema if _holds_bytes(field.type)]
    return next((name for name in ("image", "img") if name in names), names[0] if names else None)


def _holds_bytes(kind: Any) -> bool:
    if pa.types.is_struct(kind):
        return "bytes" in [kind.field(i).name for i in range(kind.num_fields)]
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def read_images(table: Any, options: TableOptions, *, where: str, n_train: int | None = None) -> Raw:
    """Decode the images of a table; the first `n_train` rows are the train part, if there is a split.

    Columns beside the images and the label are left out, and named.

    Raises
    ------
    DataError
        If an image cannot be read (it names the row), or several columns could be the label.
    """
    names = [str(name) for name in table.schema.names]
    image = names.index(str(image_column(table.schema)))
    images = [
        (f"{where}, row {row} (from 0)", _content(cell, row, where))
        for row, cell in enumerate(table.column(image))
    ]
    decoded = stack(images)
    position = _label(table.schema, names, options, where)
    left_out = tuple(
        f"{name!r} (beside the images)" for n, name in enumerate(names) if n not in (image, position)
    )
    notes = (*decoded.notes, *([NO_LABEL] if position is None and options.label == "auto" else []))
    train = None if n_train is None else sum(decoded.counts[:n_train])
    raw = Raw(decoded.samples, n_train=train, left_out=left_out, notes=notes)
    if position is None:
        return raw
    with damage(where):
        labels = np.asarray(table.column(position).to_pandas())
    name = names[position]
    known = class_names(table.schema, where).get(name, ())
    return replace(raw, labels=np.repeat(labels, decoded.counts), class_names=known, label=name)


def _label(schema: Any, names: Sequence[str], options: TableOptions, where: str) -> int | None:
    """Return the position of the label column: the one named, or the only one that may be it."""
    if options.label != "auto":
        return label_position(names, options.label, options.drop, where=where)
    named = class_names(schema, where)
    dropped = [options.drop] if isinstance(options.drop, str | int) else list(options.drop)
    found = [
        position
        for position, name in enumerate(names)
        if (plain_name(name) in _LABELS or name in named) and name not in dropped and position not in dropped
    ]
    if len(found) > 1:
        shown = " and ".join(repr(names[position]) for position in found)
        lines = " or ".join(line(where, label=names[position]) for position in found)
        raise DataError(f"{where}: columns {shown} may each be the label. Name one: {lines}.")
    return found[0] if found else None


def _content(cell: Any, row: int, where: str) -> bytes:
    with damage(where):
        value = cell.as_py()
    content = value.get("bytes") if isinstance(value, dict) else value
    if not isinstance(content, bytes) or not content:
        raise DataError(
            f"{where}: row {row} (counted from 0) has no image bytes. Embed the images in the file."
        )
    return content


def class_names(schema: Any, where: str) -> dict[str, tuple[str, ...]]:
    """Return the names of classes that Hugging Face keeps in a schema, by column: those of a ClassLabel.

    Examples
    --------
    >>> feature = {"label": {"names": ["cat", "dog"], "_type": "ClassLabel"}}
    >>> text = json.dumps({"info": {"features": feature}})
    >>> class_names(pa.schema({"label": pa.int64()}, {"huggingface": text}), "toy")
    {'label': ('cat', 'dog')}
    """
    text = (schema.metadata or {}).get(b"huggingface")
    if text is None:
        return {}
    with damage(where):
        info = json.loads(text)
    try:
        features = dict(info["info"]["features"])
    except (KeyError, TypeError, ValueError):
        return {}
    names = {name: each.get("names") for name, each in features.items() if isinstance(each, dict)}
    return {name: tuple(map(str, each)) for name, each in names.items() if isinstance(each, list) and each}
