"""Writing a board as a Markdown page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tabulate import tabulate

from ..core.board import Board, Metric, protocol_text
from .flags import SINGLE, column, explained
from .k_curves import chosen, tried
from .significance import Marks, legend, marks_of
from .text import clusters, escape, extent, k_title, missing, runs, seconds, spread, status

RANGES = ("accuracy", "purity")  # columns that the lowest and highest value stand beside
PUBLISHED = "## Published results"  # heads a section by which a page is known to have them
COST = ("encoder", "clusterer", "encode s", "cluster s", "status")


def markdown(board: Board, reference: bool = False) -> str:
    """Write the whole board as a Markdown page.

    Parameters
    ----------
    board : Board
    reference : bool
        Whether published results follow, in a section of their own.
    """
    found = marks_of(board)
    parts = [f"# {escape(board.dataset)}, protocol {board.protocol}", _header(board, legend(found))]
    agreement = [metric for metric in board.metrics if not metric.own_space]
    own_space = [metric for metric in board.metrics if metric.own_space]
    if agreement:
        parts += ["## Agreement with the classes" if board.data["classes"] else "## Clusters"]
        parts += [_table(board, agreement, found, RANGES, column(board.rows))]
    if own_space:
        parts += ["## Shape of the clusters, each in its encoder's own space", _own_space_note(board)]
        parts += [_table(board, own_space, found, flagged=[] if agreement else column(board.rows))]
    cost = [
        [row.encoder, row.clusterer, seconds(row.encode_seconds), seconds(row.cluster_seconds), status(row)]
        for row in board.rows
    ]
    parts += ["## Cost and status", "Seconds are means per fit.", github_table(cost, COST)]
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
    parts += published(board) if reference else []
    return "\n\n".join(parts) + "\n"


def published(board: Board) -> list[str]:
    """Write the published results that may stand beside a board, or why none may."""
    from .published_results import HEADERS, WARNING, beside, grades

    found, reason = beside(board)
    text = (
        [reason]
        if reason
        else [WARNING + " " + grades(found), github_table([e.cells for e in found], HEADERS)]
    )
    return [PUBLISHED, *text]


def _header(board: Board, more: list[str]) -> str:
    data = board.data
    classes = f"{data['classes']} classes" if data["classes"] else "no labels"
    shape = f", images of {' x '.join(map(str, data['image_shape']))}" if data["image_shape"] else ""
    total = sum(sum(row.statuses.values()) for row in board.rows)
    most = max((row.runs for row in board.rows if not row.deterministic), default=0)
    lines = [
        f"Dataset: {escape(board.dataset)}, {data['samples']:,} samples of {data['features']} features"
        f"{shape}, {classes}; values scaled: {escape(data['scaling'])}; licence {escape(data['licence'])}",
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
        "Versions: "
        + escape(", ".join(f"{name} {'/'.join(found)}" for name, found in board.versions.items())),
        f"Hardware: {escape('; '.join(board.hardware))}",
        f"Date: {board.date}",
    ]
    lines[5:5] = _flag_lines(board)
    if most == 1:
        lines.insert(4, "**Single seed: a single run is no result. Run again with more `--seeds`.**")
    return "\n".join(f"- {line}" for line in lines)


def _flag_lines(board: Board) -> list[str]:
    """Explain the flags that occur: those of every row here alone, the others where the column shows them."""
    every, some = explained(board.rows)
    every.pop(SINGLE, None)  # which is told in bold
    lines = [f"Flag of every row: *{escape(flag)}*: {text}" for flag, text in every.items()]
    told = "; ".join(f"*{name}*: {text}" for name, text in some.items())
    return [*lines, *([f"Flags: {told}"] if told else [])]


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
        github_table(lines, ("encoder", "clusterer", "criterion", "K tried", "K chosen")),
    ]


def _own_space_note(board: Board) -> str:
    names = ", ".join(metric.name for metric in board.metrics if metric.sampled)
    sampled = f" Of a seeded sample of {board.sample:,} rows: {names}." if names else ""
    return (
        "These scores measure distances in the embedding. They compare clusterers on one encoder, never "
        f"encoders with each other, so none is bold.{sampled}"
    )


class _Ours(str):
    """A score, in bold or marked: ours, and so not to be escaped, as a name is that begins with asterisks."""


def row_table(board: Board, metrics: list[Metric], most: int) -> str:
    """Write the first rows of a board with some of its metrics, for another document."""
    return _table(replace(board, rows=board.rows[:most]), metrics, marks_of(board), RANGES)


def _table(
    board: Board,
    metrics: list[Metric],
    found: Marks,
    ranges: tuple[str, ...] = (),
    flagged: Sequence[str] = (),
) -> str:
    headers = ["encoder", "clusterer", k_title(board), "runs", *(["flags"] if flagged else [])]
    for metric in metrics:
        headers += [_title(metric), *(["95% interval"] if metric.name == found.metric else [])]
        headers += ["min – max"] if metric.name in ranges else []
    rows = []
    for place, (row, *flag) in enumerate(zip(board.rows, *([flagged] if flagged else []), strict=True)):
        cells = [row.encoder, row.clusterer, clusters(row), runs(row), *flag]
        for metric in metrics:
            summary = row.scores.get(metric.name)
            text = spread(summary, missing(row))
            if summary is not None and summary.n != row.runs:
                text += f" ({summary.n} of {row.runs} runs)"
            bold = summary is not None and row.complete and summary.mean == board.best.get(metric.name)
            text = f"**{text}**" if bold else text
            cells.append(_Ours(text + found.mark(metric.name, place)))
            if metric.name == found.metric:
                cells.append(found.interval(place))
            if metric.name in ranges:
                cells.append(extent(summary))
        rows.append(cells)
    return github_table(rows, headers)


def _title(metric: Metric) -> str:
    return {"higher": f"{metric.name} ↑", "lower": f"{metric.name} ↓"}.get(
        metric.direction or "", metric.name
    )


def github_table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Write a table in which no name is more than text."""
    safe = [[cell if isinstance(cell, _Ours) else escape(cell) for cell in row] for row in rows]
    return tabulate(safe, [escape(each) for each in headers], tablefmt="github", disable_numparse=True)
