"""Inspection of a file for `harness datasets show`: its columns, and the role of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..core.errors import HarnessError, one_line
from ..core.interfaces import Dataset
from ..core.mapped_rows import batches
from .suspicions import extremes
from .tables import watched_frames

KINDS = {"b": "boolean", "i": "integer", "u": "integer", "f": "number"}


@dataclass(frozen=True)
class Column:
    """A column of a file.

    Parameters
    ----------
    name, kind : str
    low, high : str
        Smallest and largest number; for text, the first and last in alphabetical order.
    missing, distinct : int
    role, reason : str
        ``feature``, ``label`` or ``left out``, and why; ``?`` if the file is refused before that is clear.
    """

    name: str
    kind: str
    low: str
    high: str
    missing: int
    distinct: int
    role: str
    reason: str = ""


@dataclass(frozen=True)
class Inspection:
    """A dataset, or why it is refused, and the columns of its table or samples."""

    dataset: Dataset | None
    error: str
    columns: Sequence[Column]


def inspect(load: Callable[[], Dataset]) -> Inspection:
    """Read a dataset, and describe the columns of its file, even if it is refused.

    Examples
    --------
    >>> from harness.data import read
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp(), "toy.csv")
    >>> _ = file.write_text("id,width,species\\n1,2.5,a\\n2,,b\\n3,1.5,a\\n")
    >>> found = inspect(lambda: read(file))
    >>> found.error.partition(": ")[2][:35]
    'values are missing in 1 of 1 column'
    >>> [(each.name, each.role, each.missing) for each in found.columns]
    [('id', 'left out', 0), ('width', 'feature', 1), ('species', 'label', 0)]
    """
    dataset, error = None, ""
    with watched_frames() as frames:
        try:
            dataset = load()
        except HarnessError as refusal:
            if not frames:
                raise
            error = str(refusal)
    if frames:
        frame, roles = frames[-1]
        columns = [
            _column(frame.columns[n], frame.iloc[:, n], *_role(n, roles)) for n in range(frame.shape[1])
        ]
    else:
        columns = _features(dataset) if dataset is not None else []
    return Inspection(dataset, error, columns)


def _role(position: int, roles: Any) -> tuple[str, str]:
    if roles is None:
        return "?", ""
    if position == roles.label:
        return "label", roles.reason
    if position in roles.left_out:
        return "left out", roles.left_out[position]
    return "feature", ""


def _column(name: Any, column: Any, role: str, reason: str) -> Column:
    import pandas as pd

    known = column.dropna()
    kind = KINDS.get(getattr(column.dtype, "kind", "O"), "text")
    if kind == "text" and not pd.api.types.is_string_dtype(known):
        known = known.astype(str)
    low, high = (known.min(), known.max()) if len(known) else ("", "")
    first, last = (f"{end:.6g}" if isinstance(end, float) else one_line(end, 24) for end in (low, high))
    missing, distinct = len(column) - len(known), int(known.nunique())
    return Column(str(name), kind, first, last, missing, distinct, role, reason)


def _features(data: Dataset) -> list[Column]:
    """Describe samples that are not from a table: each feature, or the pixels of images together."""
    if data.image_shape:
        lows, highs = extremes(data.samples)
        low, high = lows.min(), highs.max()
        shades = np.concatenate([np.unique(block) for _, block in batches(data.samples)])
        return [Column("pixels", "number", f"{low:.6g}", f"{high:.6g}", 0, len(np.unique(shades)), "feature")]
    columns = []
    for number in range(data.n_features):
        column = data.samples[:, number]
        ends = (f"{column.min():.6g}", f"{column.max():.6g}")
        columns.append(Column(str(number), "number", *ends, 0, len(np.unique(column)), "feature"))
    return columns
