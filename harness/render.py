"""Writing a board as Markdown, and the pieces of text that other formats share."""

from __future__ import annotations

import html
from typing import Any

from tabulate import tabulate

from .board import Board, Metric, Row, Summary, protocol_text
from .curves import chosen, tried
from .marks import Marks, legend, marks_of

COST = ("encoder", "clusterer", "encode s", "cluster s", "status")


def number(value: float, digits: int = 4) -> str:
    """Write a number with four decimals, or one decimal from 100 up.

    Examples
    --------
    >>> number(0.48279), number(1234.56)
    ('0.4828', '1234.6')
    """
    return f"{value:.{digits}f}" if abs(value) < 100 else f"{value:.1f}"


def spread(summary: Summary | None, missing: str = "–", digits: int = 4) -> str:
    """Write mean ± standard deviation, or the mean alone for a single run.

    Examples
    --------
    >>> spread(Summary.of([0.5, 0.6]))
    '0.5500 ± 0.0707'
    """
    if summary is None:
        return missing
    deviation = "" if summary.std is None else f" ± {number(summary.std, digits)}"
    return number(summary.mean, digits) + deviation


def extent(summary: Summary | None) -> str:
    """Write the lowest and highest value, or a dash for a single run."""
    return f"{number(summary.min)} – {number(summary.max)}" if summary and summary.n > 1 else "–"


def clusters(row: Row) -> str:
    """Write K and where it came from, and the number of clusters found where that is not K.

    An estimated K is written as mean and range over the runs, and how many chose the end of their range.
    """
    if row.clusters is None:
        return row.k or "–"
    low, high = row.clusters.min, row.clusters.max
    found = f"{low:.0f}" if low == high else f"{row.clusters.mean:.1f} [{low:.0f}, {high:.0f}]"
    if row.k.startswith(f"{found} "):
        return row.k
    if row.k != "estimated":
        return f"{row.k}, {found} found"
    return f"{found} {row.k}" + (f", {row.at_edge} at edge" if row.at_edge else "")


def runs(row: Row) -> str:
    """Write the number of runs that finished, of how many, and whether no seed enters."""
    total = sum(row.statuses.values())
    count = str(total) if row.runs == total else f"{row.runs} of {total}"
    return f"{count} (no seed)" if row.deterministic else count


def status(row: Row) -> str:
    """Write how the cells of a row ended."""
    if row.complete:
        return "ok"
    return ", ".join(f"{count} {name}" for name, count in sorted(row.statuses.items()))


def seconds(summary: Summary | None) -> str:
    """Write mean seconds per fit."""
    return "–" if summary is None else f"{summary.mean:.2f}"


def missing(row: Row) -> str:
    """Write what stands in place of a score: the row's status, never 0 and never a gap."""
    return "–" if row.runs else next(iter(row.statuses))


def markdown(board: Board) -> str:
    """Write the whole board as a Markdown page."""
    found = marks_of(board)
    parts = [f"# {board.dataset}, protocol {board.protocol}", _header(board, legend(found))]
    agreement = [metric for metric in board.metrics if not metric.own_space]
    own_space = [metric for metric in board.metrics if metric.own_space]
    if agreement:
        parts += ["## Agreement with the classes" if board.data["classes"] else "## Clusters"]
        parts += [_table(board, agreement, found, ranges=("accuracy", "purity"))]
    if own_space:
        parts += ["## Shape of the clusters, each in its encoder's own space", _own_space_note(board)]
        parts += [_table(board, own_space, found)]
    cost = [
        [row.encoder, row.clusterer, seconds(row.encode_seconds), seconds(row.cluster_seconds), status(row)]
        for row in board.rows
    ]
    parts += ["## Cost and status", "Seconds are means per fit.", _tabulate(cost, COST)]
    parts += _choices(board)
    options = {each.name: each.options for each in board.metrics if each.options}
    listed = [
        f"- {escape(f'{name}: {text}')}" for name, text in [*board.parameters.items(), *options.items()]
    ]
    parts += ["## Parameters", "\n".join(listed)] if listed else []
    notes = [
        "- " + escape(f"{row.encoder} + {row.clusterer}: {note}") for row in board.rows for note in row.notes
    ]
    if notes:
        parts += ["## Notes", "\n".join(dict.fromkeys(notes))]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Make a name or an error harmless in Markdown: no table cell, tag or line of its own.

    Examples
    --------
    >>> escape("a|b <i>")
    'a\\\\|b &lt;i&gt;'
    """
    return " ".join(html.escape(text, quote=False).split()).replace("|", "\\|").replace("`", "\\`")


def _header(board: Board, more: list[str]) -> str:
    data = board.data
    classes = f"{data['classes']} classes" if data["classes"] else "no labels"
    shape = f", images of {' x '.join(map(str, data['image_shape']))}" if data["image_shape"] else ""
    total = sum(sum(row.statuses.values()) for row in board.rows)
    most = max((row.runs for row in board.rows if not row.deterministic), default=0)
    lines = [
        f"Dataset: {escape(board.dataset)}, {data['samples']:,} samples of {data['features']} features"
        f"{shape}, {classes}; values scaled: {data['scaling']}; licence {data['licence']}",
        f"Digest of the samples: `sha256:{board.digest}`",
        f"Protocol {board.protocol}: {protocol_text(board)}",
        "Seeds: "
        + (f"up to {most} per row" if most else "none enters")
        + f"; mean ± sample standard deviation over the runs, {total} runs in all",
        "K: *given* where the harness passed the number of classes or `-k`, or it was written with the name; "
        "*default* where the clusterer's own default stands; *estimated* where it found K itself: "
        "mean and [range] over the runs; *at edge* says how many runs chose the end of the range they tried",
        "Best mean of a column in bold, among rows all of whose runs finished",
        *more,
        "Versions: " + ", ".join(f"{name} {'/'.join(found)}" for name, found in board.versions.items()),
        f"Hardware: {'; '.join(board.hardware)}",
        f"Date: {board.date}",
    ]
    if most == 1:
        lines.insert(4, "**Single seed: a single run is no result. Run again with more `--seeds`.**")
    return "\n".join(f"- {line}" for line in lines)


def k_title(board: Board) -> str:
    """Head the column of K with the number of classes, where there are classes."""
    return f"K ({board.data['classes']} classes)" if board.data["classes"] else "K"


def _choices(board: Board) -> list[str]:
    """Write what each chooser of K tried and chose, run by run."""
    rows = [row for row in board.rows if row.curves]
    if not rows:
        return []
    lines = [
        [row.encoder, row.clusterer, str(row.curves[0]["criterion"]), tried(row.curves), chosen(row.curves)]
        for row in rows
    ]
    note = (
        "How many runs chose which K; the number of classes is seen by none of them. "
        f"`harness curves {board.name}` shows the curves."
    )
    return [
        "## Choice of K",
        note,
        _tabulate(lines, ("encoder", "clusterer", "criterion", "K tried", "K chosen")),
    ]


def _own_space_note(board: Board) -> str:
    names = ", ".join(metric.name for metric in board.metrics if metric.sampled)
    sampled = f" Of a seeded sample of {board.sample:,} rows: {names}." if names else ""
    return (
        "These scores measure distances in the embedding. They compare clusterers on one encoder, never "
        f"encoders with each other, so none is bold.{sampled}"
    )


def _table(board: Board, metrics: list[Metric], found: Marks, ranges: tuple[str, ...] = ()) -> str:
    headers = ["encoder", "clusterer", k_title(board), "runs"]
    for metric in metrics:
        headers += [_title(metric), *(["95% interval"] if metric.name == found.metric else [])]
        headers += ["min – max"] if metric.name in ranges else []
    rows = []
    for place, row in enumerate(board.rows):
        cells = [row.encoder, row.clusterer, clusters(row), runs(row)]
        for metric in metrics:
            summary = row.scores.get(metric.name)
            text = spread(summary, missing(row))
            if summary is not None and summary.n != row.runs:
                text += f" ({summary.n} of {row.runs} runs)"
            bold = summary is not None and row.complete and summary.mean == board.best.get(metric.name)
            cells.append((f"**{text}**" if bold else text) + found.mark(metric.name, place))
            if metric.name == found.metric:
                cells.append(found.interval(place))
            if metric.name in ranges:
                cells.append(extent(summary))
        rows.append(cells)
    return _tabulate(rows, headers)


def _title(metric: Metric) -> str:
    return {"higher": f"{metric.name} ↑", "lower": f"{metric.name} ↓"}.get(
        metric.direction or "", metric.name
    )


def _tabulate(rows: list[list[str]], headers: Any) -> str:
    bold = [[cell if cell.startswith("**") else escape(cell) for cell in row] for row in rows]
    return tabulate(bold, headers, tablefmt="github", disable_numparse=True)
