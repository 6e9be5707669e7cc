"""A leaderboard on the terminal: the columns that fit, best first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.board import Board, Metric, protocol_text
from ..core.counts import counted
from ..leaderboard.board_columns import BoardColumn, columns_of
from ..leaderboard.columns import ON_TERMINAL, TERMINAL
from ..leaderboard.flags import SINGLE, explained
from ..leaderboard.significance import unanswered
from ..leaderboard.statistics.differences import title
from ..leaderboard.table_cells import BoardTable, TableCell
from ..leaderboard.text import mean, printable
from ..leaderboard.unaided import unaided
from .console import note, table
from .fitting import Fitted, fitting

if TYPE_CHECKING:
    from ..publishing.bundle import Published
    from ..publishing.merge import Merged

NOTES = 10  # kinds that are shown
SPREAD = 10  # dropped after the columns of `DROPPED` with a lower rank
LATE = 100  # metrics without a rank of their own are dropped after all other columns


def show_board(board: Board, *, chosen: bool = False, notes: bool = False) -> None:
    """Print a board's main columns and the notes on them.

    Parameters
    ----------
    board : Board
    chosen : bool
        Whether its metrics were named: then all of them are main columns.
    notes : bool
        Whether to print the notes of every row instead of one of each kind.
    """
    many = not chosen and len(board.metrics) > len(ON_TERMINAL) + 1
    estimated = {name for row in board.rows for name in row.standard_errors}
    shown_anyway = {*ON_TERMINAL, *estimated}
    metrics = [metric for metric in board.metrics if metric.name in shown_anyway or not many]
    board_table = BoardTable(board, digits=3)
    columns = columns_of(board_table, TERMINAL, metrics)
    kept, left_out = fitting([_fitted(each, metrics) for each in columns])
    heading = f"{board.dataset}, protocol {board.protocol}: {protocol_text(board)}"
    rows = list(zip(*(each.cells for each in kept), strict=True))
    table([each.title for each in kept], rows, heading, wraps=("encoder", "clusterer"))
    titles = {each.title for each in kept}
    shown = [each for each in columns if each.title in titles]
    told = board.row_notes if notes else _kinds_of_notes(board)
    for column in columns:
        if column.kind == "k" and column not in shown:
            left_out += f" K: {column.texts[0]} in every row." if len(set(column.texts)) == 1 else ""
    for text in [*_remarks(board_table, shown), *([left_out] if left_out else []), *told]:
        note(text)


def _fitted(column: BoardColumn, metrics: Sequence[Metric]) -> Fitted:
    """Return a column with its rank on a narrow terminal: spread is dropped before metrics."""
    title, cells, kind = column.title, column.marked(_score), column.kind
    same = len(set(cells)) == 1
    if kind == "score" and column.metric is not None:
        place = metrics.index(column.metric)
        means = [_score(each, mean(each.summary, each.table.digits, each.error)) for each in column.cells]
        drop = column.drop or LATE - place if place else None
        return Fitted(title, cells, drop, means, SPREAD if place else SPREAD + 5)
    if kind == "versus":
        words = [each.versus.answer or "–" if each.versus else "–" for each in column.cells]
        return Fitted(title, cells, short=words, shorten=SPREAD + 2)
    if kind == "k" or (kind == "status" and same):
        return Fitted(title, cells, SPREAD - 1 if same else SPREAD + 6)
    if kind == "number":  # runs
        return Fitted(title, cells, SPREAD + 4)
    return Fitted(title, cells, column.drop, folds=title in ("encoder", "clusterer"))


def show_published(board: Board) -> None:
    """Print results from the literature, apart from the board's rows."""
    from ..leaderboard.published_results import HEADERS, WARNING, beside, grades

    found, reason = beside(board)
    click.echo()
    if found:
        table(HEADERS, [each.cells for each in found], "Published results")
    click.echo(reason or f"{WARNING} {grades(found)}")


def _score(cell: TableCell, text: str) -> str:
    return f"**{text}**" if cell.best else text


def _remarks(table: BoardTable, shown: Sequence[BoardColumn]) -> Iterator[str]:
    """Explain only what the table shows."""
    board, kinds = table.board, {column.kind for column in shown}
    scores = [column.metric for column in shown if column.kind == "score" and column.metric is not None]
    summaries = [cell.summary for column in shown if column.kind == "score" for cell in column.cells]
    if any(summary is not None and summary.std is not None for summary in summaries):
        yield "Mean ± sample standard deviation over the seeds."
    seeded = [row.runs for row in board.rows if not (row.deterministic or row.imported)]
    if seeded and max(seeded) == 1:
        yield "One seed only: no spread. Run again with more --seeds."
    if "versus" in kinds:
        yield from _answers(table)
    if without := unaided(table):
        yield f"{without}."
    every, some = explained(board.rows)
    yield from (f"Every row: {flag}: {text}." for flag, text in every.items() if flag != SINGLE)
    yield from (f"{name}: {text}." for name, text in some.items() if "flags" in kinds)
    own = [metric.name for metric in scores if metric.own_space]
    if own and len({row.encoder for row in board.rows}) > 1:
        names = f"{', '.join(own)} {'is' if len(own) == 1 else 'are'}"
        yield f"{names} embedding-dependent: compare within one encoder only."
    if more := len(board.metrics) - len(scores):
        yield f"{counted(more, 'more metric')}: harness leaderboard {board.name} -m NAME, or --format csv."


def _kinds_of_notes(board: Board) -> Iterator[str]:
    """Yield one note of each kind: of those that differ in numbers alone."""
    kinds: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in board.rows:
        for text in row.notes:
            kinds[re.sub(r"\d[\d.,]*", "0", text)].append((title(row), text))
    for (first, text), *others in list(kinds.values())[:NOTES]:
        yield f"{text} ({counted(len(others) + 1, 'row')}, e.g. {first})" if others else f"{first}: {text}"
    if len(kinds) > NOTES or any(len(each) > 1 for each in kinds.values()):
        yield f"All notes: harness leaderboard {board.name} --notes"


def _answers(table: BoardTable) -> Iterator[str]:
    """Explain the answers in the table."""
    versus = table.versus(table.ranking) or []
    answers = {each.answer for each in versus}
    meanings = {
        "worse": "worse = by more than chance (5% over all rows)",
        "equal": f"equal = within ±{table.margin:g}",
        "?": f"? = undecided, needs more seeds (harness compare {table.board.name})",
    }
    if told := [meaning for answer, meaning in meanings.items() if answer in answers]:
        yield f"vs best, by mean {table.ranking}: {', '.join(told)}."
    if text := unanswered(versus):
        yield f"{text}."


def say_written(published: Published, folder: Path, changed: int) -> None:
    """Print what a published folder now holds."""
    runs = sum(len(bundle.cells) for bundle in published.bundles.values())
    boards = counted(len(published.bundles), "leaderboard")
    files = f"{counted(changed, 'file')} changed" if changed else "nothing changed"
    click.echo(f"{folder}: {boards}, {counted(runs, 'run')}; {files}.")


def show_site(published: Published, folder: Path, reference: bool) -> None:
    """Write the web pages of published boards, and print where they are."""
    from ..leaderboard.build import load_board
    from ..publishing.pages import citation
    from ..publishing.published_suites import suites_of
    from ..report.site import write_site

    boards = [load_board(published, name) for name in published.boards()]
    source = published.folder.name
    extra = {
        "How to check": f"$ harness verify {source} --rerun 5",
        "How to cite": citation(published, boards),
    }
    index, *others = write_site(
        boards,
        folder,
        title="Leaderboards",
        extra=extra,
        source=f"{source}/",
        reference=reference,
        suites=list(suites_of(published)),
    )
    click.echo(f"{counted(len(others), 'web page')} next to {index}.")


def show_conflicts(merged: Sequence[Merged], before: str, added: str) -> int:
    """Print where added results contradict existing ones, and return how often."""
    for each in merged:
        counts = each.counts
        click.echo(
            printable(
                f"{each.bundle.name}: {counted(counts['in both'], 'run')} in {before} and in {added}, "
                f"{counts['only in the first']:,} only in {before}, "
                f"{counts['only in the second']:,} only in {added}."
            ),
            err=True,
        )
        for text in each.notes:
            click.echo(printable(f"{each.bundle.name}: {text}"), err=True)
    conflicts = [conflict for each in merged for conflict in each.conflicts]
    if conflicts:
        headers = ["leaderboard", "row", "what", "result", "of", "other result", "of", "key"]
        rows = [
            [each.board, each.row, each.what, *chain(*zip(each.values, each.origins, strict=True)), each.key]
            for each in conflicts
        ]
        title = f"{counted(len(rows), 'result')} of the same key differ{'s' * (len(rows) == 1)}:"
        table(headers, [list(map(printable, row)) for row in rows], title)
    return len(conflicts)
