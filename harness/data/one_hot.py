"""One-hot encoding of columns of text, on request."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..core.counts import counted
from ..core.errors import DataError
from .advice import line
from .column_roles import positions
from .table_options import Names

MOST = 1000  # categories of a column


def one_hot(frame: pd.DataFrame, names: Names, *, where: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Replace columns by one column of 0 and 1 per value, and note it.

    An empty cell has 0 in all of them.

    Raises
    ------
    DataError
        If there is no such column, or it has more than 1,000 values.

    Examples
    --------
    >>> frame, notes = one_hot(pd.DataFrame({"a": [1, 2], "hue": ["red", "blue"]}), "hue", where="toy")
    >>> frame.astype(int).to_dict("list"), notes
    ({'a': [1, 2], 'hue=blue': [0, 1], 'hue=red': [1, 0]}, ("'hue' as 2 columns of 0 and 1",))
    """
    chosen = [
        frame.columns[position]
        for position in sorted(positions(frame.columns.tolist(), names, "one_hot", where))
    ]
    if not chosen:
        return frame, ()
    counts = {name: _distinct(frame[name], where) for name in chosen}
    for name, count in counts.items():
        if count > MOST:
            raise DataError(
                f"{where}: one_hot allows at most {MOST:,} values per column, {name!r} has {count:,}."
            )
    out = pd.get_dummies(frame, columns=chosen, prefix_sep="=")
    return out, tuple(f"{name!r} as {counted(count, 'column')} of 0 and 1" for name, count in counts.items())


def _distinct(column: pd.Series[Any], where: str) -> int:
    try:
        return int(column.nunique())
    except TypeError:  # lists and structs
        raise DataError(
            f"{where}: one_hot needs a column of single values, {column.name!r} holds lists or "
            f"structs. Leave it out: {line(where, drop=column.name)}."
        ) from None
