"""Format a board as a Markdown page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tabulate import tabulate

from ..core.board import Board, Metric, protocol_text
from .board_columns import BoardColumn, columns_of
from .columns import COST, MARKDOWN, TERMINAL
from .data_facts import data_facts
from .flags import SINGLE, explained
from .k_curves import chosen, tried
from .significance import legend
from .statistics.differences import bare_names
from .table_cells import BoardTable, TableCell
from .text import escape
from .unaided import unaided

PUBLISHED = "## Published results"  # the heading by which a page is known to have them


def markdown(board: Board, reference: bool = False) -> str:
    """Write the whole board as a Markdown page.

    Parameters
    ----------
    board : Board
    reference : bool
        Whether to add published results, in a separate section.
    """
    table = BoardTable(board)
    parts = [f"# {escape(board.dataset)}, protocol {board.protocol}", _header(board, _legend(table))]
    agreement = [metric for metric in board.metrics if not metric.own_space]
    own_space = [metric for metric in board.metrics if metric.own_space]
    if agreement:
        parts += ["## Agreement with the classes" if board.data.classes else "## Clusters"]
        parts += [_table(_score_columns(table, agreement, flagged=True))]
    if own_space:
        parts += ["## Shape of the clusters (embedding-dependent)", _own_space_note(board)]
        parts += [_table(_score_columns(table, own_space, flagged=not agreement))]
    parts += ["## Cost and status", "Seconds are means per fit.", _table(columns_of(table, COST))]
    parts += _choices(board)
    options = {each.name: each.options for each in board.metrics if each.options}
    listed = [
        f"- {escape(f'{name}: {text}')}" for name, text in [*board.parameters.items(), *options.items()]
    ]
    parts += ["## Parameters", "\n".join(listed)] if listed else []
    notes = [f"- {escape(note)}" for note in board.row_notes]
    parts += ["## Notes", "\n".join(notes)] if notes else []
    parts += published(board) if reference else []
    return "\n\n".join(parts) + "\n"


def published(board: Board) -> list[str]:
    """Write the published results comparable with a board, or why there are none."""
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
    total = sum(sum(row.statuses.values()) for row in board.rows)
    most = max((row.runs for row in board.rows if not row.deterministic), default=0)
    lines = [
        escape(f"Dataset: {board.dataset}, {'; '.join(data_facts(data))}"),
        f"Digest of the samples: `sha256:{board.digest}`",
        f"Protocol {board.protocol}: {protocol_text(board)}",
        "Seeds: "
        + (f"up to {most} per row" if most else "deterministic")
        + f"; mean ± sample standard deviation over the runs, {total} run{'s' * (total != 1)} in all",
        "K: *given*: the number of classes, `-k`, or a parameter in the name; *default*: the clusterer's "
        "default; *estimated*: found by the clusterer, as mean and [range] over the runs; *at edge*: number "
        "of runs that chose the end of the range they tried",
        "Bold: best mean of a column, among rows whose runs all finished",
        *more,
        "Versions: "
        + escape(", ".join(f"{name} {'/'.join(found)}" for name, found in board.versions.items())),
        f"Hardware: {escape('; '.join(board.hardware))}",
        *([escape(board.computed_by)] if board.computed_by else []),
        f"Date: {board.date}",
    ]
    lines[5:5] = _flag_lines(board)
    if most == 1:
        lines.insert(4, "**One seed only: no spread. Run again with more `--seeds`.**")
    return "\n".join(f"- {line}" for line in lines)


def _legend(table: BoardTable) -> list[str]:
    lines = legend(table.ranking, table.versus(table.ranking), table.margin, table.board.name)
    without = unaided(table)
    return [*lines, *([escape(without)] if without else [])]


def _flag_lines(board: Board) -> list[str]:
    """Explain the flags that occur: those of every row here, the others if the column shows them."""
    every, some = explained(board.rows)
    every.pop(SINGLE, None)  # reported in bold
    lines = [f"Flag of every row: *{escape(flag)}*: {text}" for flag, text in every.items()]
    told = "; ".join(f"*{name}*: {text}" for name, text in some.items())
    return [*lines, *([f"Flags: {told}"] if told else [])]


def _choices(board: Board) -> list[str]:
    """Write which K each method of K selection tried and chose."""
    rows = [row for row in board.rows if row.curves]
    if not rows:
        return []
    lines = [
        [row.encoder, row.clusterer, str(row.curves[0]["criterion"]), tried(row.curves), chosen(row.curves)]
        for row in rows
    ]
    note = (
        "Number of runs that chose each K; none of these methods uses the number of classes. "
        f"`harness curves {board.name}` prints the curves."
    )
    return [
        "## Choice of K",
        note,
        github_table(lines, ("encoder", "clusterer", "criterion", "K tried", "K chosen")),
    ]


def _own_space_note(board: Board) -> str:
    names = ", ".join(metric.name for metric in board.metrics if metric.sampled)
    sampled = f" Computed on a seeded sample of {board.sample:,} rows: {names}." if names else ""
    return (
        "These scores measure distances in the embedding. They compare clusterers on one encoder, never "
        f"different encoders, so none is bold.{sampled}"
    )


class Unescaped(str):
    """A text of ours, e.g. a score in bold, which must not be escaped like a name."""


def row_table(board: Board, metrics: list[Metric], most: int) -> str:
    """Write the first rows of a board with some of its metrics for another document, as narrow as a terminal.

    K has no column if it is the same in all rows, and names have no parameters if they are unique
    without. No number is broken.
    """
    table = BoardTable(replace(board, rows=board.rows[:most], among=board.whole), digits=3)
    columns = columns_of(table, TERMINAL, metrics)
    narrow = [each for each in columns if each.kind not in ("seconds", "status", "flags")]
    kept = [each for each in narrow if each.kind != "k" or len(set(each.texts)) > 1]
    pairs = [bare_names(row) for row in board.rows[:most]]
    clear = len(set(pairs)) == len(pairs)
    names = dict(zip(("encoder", "clusterer"), zip(*pairs, strict=True), strict=False))
    cells = []
    for column in kept:
        texts = column.marked(_score)
        if column.title not in names:
            texts = [Unescaped(text.replace(" ", "\N{NO-BREAK SPACE}")) for text in texts]
        cells.append(names[column.title] if clear and column.title in names else texts)
    return github_table(list(zip(*cells, strict=True)), list(map(_title, kept)))


def _score_columns(table: BoardTable, metrics: list[Metric], *, flagged: bool) -> list[BoardColumn]:
    """Return the columns of a table of scores; flags are only in the first such table of a page."""
    return [each for each in columns_of(table, MARKDOWN, metrics) if flagged or each.kind != "flags"]


def _table(columns: Sequence[BoardColumn]) -> str:
    cells = [each.marked(_score) for each in columns]
    return github_table(list(zip(*cells, strict=True)), list(map(_title, columns)))


def _score(cell: TableCell, text: str) -> Unescaped:
    text += cell.partial
    return Unescaped(f"**{text}**" if cell.best else text)


def _title(column: BoardColumn) -> str:
    arrows = {"higher": " ↑", "lower": " ↓"}
    direction = column.metric.direction if column.metric is not None and column.kind == "score" else None
    return column.title + arrows.get(direction or "", "")


def github_table(rows: Sequence[Sequence[str]], headers: Sequence[str]) -> str:
    """Write a table in which names are escaped."""
    safe = [[cell if isinstance(cell, Unescaped) else escape(cell) for cell in row] for row in rows]
    return tabulate(safe, [escape(each) for each in headers], tablefmt="github", disable_numparse=True)
