"""Tables of what a dataset holds, for `harness datasets show`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

import click

from ..data.advice import line
from ..data.inspection import Column, Inspection
from ..data.summary import summary
from ..leaderboard.text import printable
from ..planning.datasets import path_and_options
from .console import table

MOST = 40  # columns that are shown
LONGEST = 24  # letters of a name
HEADERS = ("column", "kind", "from", "to", "missing", "distinct", "used as")


def show_inspection(found: Inspection, text: str) -> None:
    """Print a dataset's summary, its columns, what looks wrong, and how to read it differently.

    Parameters
    ----------
    found : Inspection
    text : str
        The dataset as it was typed.
    """
    data = found.dataset
    if data is not None:
        click.echo(printable(summary(replace(data, notes=()))))  # printed below, a line each
    shown = _shown(found.columns)
    gaps = any(column.missing for column in shown)
    headers = [header for header in HEADERS if gaps or header != "missing"]
    table(headers, [_cells(column, gaps=gaps) for column in shown], wraps=HEADERS[-1:])
    if len(found.columns) > len(shown):
        click.echo(f"... and {len(found.columns) - len(shown):,} more columns: --json has all.")
    if data is not None:
        scaling = "as they are" if data.scaling == "none" else data.scaling
        click.echo(f"digest: sha256:{data.digest}\nvalues: {data.samples.dtype}, {scaling}")
        for note in data.notes:
            click.echo(printable(f"note: {note}"))
    for advice in _advice(found, text):
        click.echo(printable(advice))


def inspection_to_json(found: Inspection) -> dict[str, Any]:
    """Return the inspection as plain values."""
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


def _shown(columns: Sequence[Column]) -> list[Column]:
    """Return the columns to show; if there are too many, those that are not features first."""
    special_first = sorted(
        range(len(columns)), key=lambda n: columns[n].role == "feature" and not columns[n].missing
    )
    return [columns[n] for n in sorted(special_first[:MOST])]


def _cells(column: Column, *, gaps: bool) -> list[str]:
    used = f"{column.role} ({column.reason})" if column.reason else column.role
    missing = [f"{column.missing:,}" if column.missing else ""] if gaps else []
    ends = (printable(column.low), printable(column.high))
    return [_shortened(printable(column.name)), column.kind, *ends, *missing, f"{column.distinct:,}", used]


def _shortened(name: str) -> str:
    """Leave out the middle of a long name, since names that begin alike often end in a number."""
    half = LONGEST // 2
    return name if len(name) <= LONGEST else f"{name[: half - 1]}…{name[-half:]}"


def _advice(found: Inspection, text: str) -> Iterator[str]:
    roles = {column.role for column in found.columns}
    missing = any(column.missing for column in found.columns)
    if not roles & {"label", "left out", "?"} and not missing:
        return
    path = path_and_options(text)[0] or text
    yield f"another label: {line(path, label='NAME')}, or label=None for none"
    yield f"leave a column out: {line(path, drop='NAME')}"
    identifiers = [each for each in found.columns if each.role == "left out" and each.reason != "by drop"]
    if any(each.kind != "text" for each in identifiers):
        yield f"keep an identifier as a feature: {line(path, keep='NAME')}"
    if missing:
        yield f"missing values: {line(path, missing='mean')}, or median, drop-rows, drop-columns"
