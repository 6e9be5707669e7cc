"""Tables of what a dataset holds, for `harness datasets show`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from ..data.inspection import Column, Inspection
from ..data.summary import summary
from ..leaderboard.text import printable
from .console import table

MOST = 40  # columns that are shown
HEADERS = ("column", "kind", "from", "to", "missing", "distinct", "used as")


def show_inspection(found: Inspection, text: str) -> None:
    """Print a dataset's line, its columns, what looks wrong, and how to change what is done.

    Parameters
    ----------
    found : Inspection
    text : str
        The dataset as it was typed.
    """
    data = found.dataset
    if data is not None:
        click.echo(printable(summary(data)))
    shown = _shown(found.columns)
    table(HEADERS, [_cells(column) for column in shown])
    if len(found.columns) > len(shown):
        click.echo(f"... and {len(found.columns) - len(shown):,} more columns: --json has all.")
    if data is not None:
        for line in (
            f"digest: sha256:{data.digest}",
            f"values: {data.samples.dtype}, {'as they are' if data.scaling == 'none' else data.scaling}",
        ):
            click.echo(line)
        for note in data.notes:
            click.echo(printable(f"note: {note}"))
    for line in _advice(found, text):
        click.echo(printable(line))


def inspection_to_json(found: Inspection) -> dict[str, Any]:
    """Return all of it as plain values."""
    columns = [asdict(column) for column in found.columns]
    if found.dataset is None:
        return {"error": found.error, "columns": columns}
    data = found.dataset
    facts = ("name", "n_samples", "n_features", "n_classes", "n_train", "image_shape", "label", "left_out")
    more = ("missing", "scaling", "notes", "licence", "source", "digest")
    plain = {name: getattr(data, name) for name in (*facts, *more)}
    return {
        **plain,
        "dtype": data.samples.dtype.name,
        "class_names": list(data.class_names),
        "columns": columns,
    }


def _shown(columns: Any) -> list[Column]:
    """Return the columns to show: of many, those that are no features first."""
    special = [column for column in columns if column.role != "feature" or column.missing]
    rest = [column for column in columns if column not in special]
    chosen = {id(column) for column in (*special, *rest)[:MOST]}
    return [column for column in columns if id(column) in chosen]


def _cells(column: Column) -> list[str]:
    used = f"{column.role} ({column.reason})" if column.reason else column.role
    missing = f"{column.missing:,}" if column.missing else ""
    return [
        printable(column.name),
        column.kind,
        column.low,
        column.high,
        missing,
        f"{column.distinct:,}",
        used,
    ]


def _advice(found: Inspection, text: str) -> Iterator[str]:
    roles = {column.role for column in found.columns}
    if not roles & {"label", "left out", "?"} and not any(column.missing for column in found.columns):
        return
    path = text.partition("(")[0]
    yield f'another label: "{path}(label=NAME)"; none: "{path}(label=None)"; leave out: "{path}(drop=NAME)"'
    if "left out" in roles:
        yield f'keep as a feature: "{path}(keep=NAME)"'
    if any(column.missing for column in found.columns):
        yield f'missing values: "{path}(missing=mean)", or median, drop-rows, drop-columns'
