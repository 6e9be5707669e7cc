"""Conversion of Arrow tables to pandas: lists of one length become columns of numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .table_options import TableOptions


def to_frame(table: Any, options: TableOptions) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the table for pandas, and notes on columns of lists whose items are features.

    Examples
    --------
    >>> frame, notes = to_frame(pa.table({"name": [[1, 2], [3, 4]]}), TableOptions())
    >>> frame.columns.tolist(), notes
    (['name[0]', 'name[1]'], ("column 'name': its 2 items per row are features",))
    """
    drop = options.drop if isinstance(options.drop, list | tuple) else [options.drop]
    spread: dict[int, NDArray[Any]] = {}
    for position, field in enumerate(table.schema):
        if position not in drop and field.name not in drop and field.name != options.label:
            items = _items(table.column(position))
            spread |= {} if items is None else {position: items}
    if not spread:
        return table.to_pandas(), ()
    plain = table.select([n for n in range(table.num_columns) if n not in spread]).to_pandas()
    names = [str(name) for name in table.schema.names]
    parts = [
        pd.DataFrame(items, columns=[f"{names[n]}[{item}]" for item in range(items.shape[1])], copy=False)
        for n, items in spread.items()
    ]
    frame = pd.concat([plain.reset_index(drop=True), *parts], axis=1)
    widths = {names[n]: items.shape[1] for n, items in spread.items()}
    return frame, tuple(
        f"column {name!r}: its {n:,} items per row are features" for name, n in widths.items()
    )


def _items(column: Any) -> NDArray[Any] | None:
    """Return a column of lists of numbers, all of one length, as an array of two dimensions; else None."""
    rows, values = len(column), column
    while _is_list(values.type):
        if values.null_count or not len(values):
            return None
        if len(pc.unique(pc.list_value_length(values))) != 1:
            return None
        values = pc.list_flatten(values)
    if values is column or values.null_count or not (_is_number(values.type)):
        return None
    array = np.asarray(values)
    return array.reshape(rows, -1) if len(array) else None


def _is_list(kind: Any) -> bool:
    types = pa.types
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _is_number(kind: Any) -> bool:
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind))
