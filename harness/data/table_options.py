"""Options for the columns of a table; a separate module, so that it does not import pandas."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

Names = str | int | Collection[str | int]
NO_LABEL = "no label column found; name one with label="


@dataclass(frozen=True)
class TableOptions:
    """Options for the columns of a table.

    Parameters
    ----------
    label : "auto", str, int or None
        The label column by name or position. "auto": see `harness.data.column_roles`. None: no labels.
    drop, keep : name or position, or several
        Columns to leave out, and columns to keep although they look like identifiers.
    one_hot : name or position, or several
        Columns of text to turn into columns of 0 and 1.
    """

    label: str | int | None = "auto"
    drop: Names = ()
    keep: Names = ()
    one_hot: Names = ()
