"""Format the leaderboard of a suite as a Markdown page."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.counts import counted
from ..markdown import Unescaped, github_table
from ..text import escape, number
from .suite_board import SuiteBoard
from .suite_columns import (
    GAP,
    SuiteText,
    encoder_note,
    failures,
    own_k,
    pivot_texts,
    short_names,
    summary_texts,
)
from .suite_notes import listed

MOST = 30  # methods of which each is compared with each other on a page
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def suite_markdown(board: SuiteBoard, *more: SuiteBoard) -> str:
    """Write the leaderboard of a suite as a Markdown page: the summary first, then methods by datasets.

    Parameters
    ----------
    board : SuiteBoard
        By the metric that orders the methods.
    *more : SuiteBoard
        The same suite by other metrics, of which only the means are shown.
    """
    parts = [f"# {escape(board.suite.title or board.suite.name)}", _list(headline(board))]
    parts += ["## Methods", _table(summary_texts(board)), _list([*board.notes, *encoder_note(board)])]
    parts += ["## Ranks", *_ranks(board)]
    if more:
        columns = [summary_texts(board)[0], *other_means(board, more)]
        parts += ["## Other metrics", "Means over datasets, by the same rules.", _table(columns)]
    parts += ["## Methods by datasets", f"Bold: best mean of a dataset.{_k_note(board)}"]
    for group in board.groups_of_datasets:
        places = [n for n, column in enumerate(board.columns) if column.group == group]
        parts += [f"### {escape(group)}"] if group else []
        parts += [_table(pivot_texts(board, places))]
    failed = [[name, reason, listed(datasets)] for name, reason, datasets in failures(board)]
    parts += ["## Failures", github_table(failed, ("method", "reason", "datasets"))] if failed else []
    if 1 < len(board.methods) <= MOST:
        parts += ["## Win/tie/loss", "Of the method of the row against that of the column.", _pairs(board)]
    return "\n\n".join(parts) + "\n"


def headline(board: SuiteBoard) -> list[str]:
    """Return what a suite's leaderboard is of, and its answer."""
    suite, left_out = board.suite, len(board.columns) - len(board.counted)
    lines = [
        f"Suite {f'{suite.name} {suite.version}'.strip()}: {counted(len(board.counted), 'dataset')}"
        f"{f' (and {left_out} not counted)' if left_out else ''}, {counted(len(board.methods), 'method')}, "
        f"protocol {board.protocol}, metric {board.metric.name}"
    ]
    for first in board.ranked[:1]:
        value = board.aggregate(first) or 0.0
        lines.append(f"Best {suite.aggregate} {board.metric.name}: {number(value, 3)}, {first.name}")
    lines += [tested(board)] if tested(board) else []
    lines += [f"Licence of the data: {suite.licence}"] if suite.licence else []
    lines += [f"Cite: {suite.citation}"] if suite.citation else []
    return [*lines, *([f"Newest run: {board.date}"] if board.date else [])]


def tested(board: SuiteBoard) -> str:
    """Return the results of Friedman's and Nemenyi's tests, or why there are none."""
    if board.friedman is None or board.critical_difference is None:
        return board.untested
    chi2, df, p = board.friedman
    return (
        f"Friedman: chi-squared {chi2:.1f}, df {df}, p {p:.2g}. Nemenyi at 0.05: critical difference of mean "
        f"ranks {board.critical_difference:.2f}"
    )


def rank_groups(board: SuiteBoard) -> list[str]:
    """Return a letter for each group that a method is in, in the order of the mean ranks."""
    count = len(board.ranking.pipelines) if board.ranking else 0
    letters = [LETTERS[n] if n < len(LETTERS) else str(n + 1) for n in range(len(board.groups))]
    named = list(zip(letters, board.groups, strict=True))
    return [
        " ".join(letter for letter, (first, last) in named if first <= place <= last)
        for place in range(count)
    ]


def other_means(board: SuiteBoard, more: Sequence[SuiteBoard]) -> list[SuiteText]:
    """Return a column of means for each metric, in the order of the first board's methods."""
    columns = []
    for each in (board, *more):
        found = {method.name: method.mean for method in each.methods}
        values = [found.get(method.name) for method in board.methods]
        known = [value for value in values if value is not None]
        top = (max if each.higher else min)(known) if len(set(known)) > 1 else None
        texts = [GAP if value is None else number(value, 3) for value in values]
        best = [value is not None and value == top for value in values]
        columns.append(SuiteText(each.metric.name, texts, best))
    return columns


def _ranks(board: SuiteBoard) -> list[str]:
    """Write the mean ranks, and which methods cannot be told apart."""
    if board.ranking is None:
        return [escape(board.untested)]
    names = dict(zip([method.name for method in board.methods], short_names(board), strict=True))
    ranks = zip(board.ranking.pipelines, board.ranking.mean_ranks, rank_groups(board), strict=True)
    lines = [[names[name], f"{mean:.2f}", group or GAP] for name, mean, group in ranks]
    note = (
        "1 is best. Methods with a common letter are not distinguishable by Nemenyi's test at 0.05; a method "
        "without a letter differs from all others."
        if board.friedman
        else "1 is best. Untested, so mean ranks do not show that methods differ."
    )
    if board.friedman is None:
        lines = [line[:2] for line in lines]
    table = github_table(lines, ("method", "mean rank", "group")[: len(lines[0])])
    return [f"{escape(tested(board)).rstrip('.')}.", table, note]


def _k_note(board: SuiteBoard) -> str:
    chosen = any(own_k(cell) for method in board.methods for cell in method.cells)
    return " In brackets: clusters found, if the method chose their number." if chosen else ""


def _pairs(board: SuiteBoard) -> str:
    names = short_names(board)
    lines = [
        [name, *(GAP if n == m else "/".join(map(str, each)) for m, each in enumerate(row))]
        for n, (name, row) in enumerate(zip(names, board.pairs, strict=True))
    ]
    return github_table(lines, ["method", *names])


def _table(columns: Sequence[SuiteText]) -> str:
    cells = [
        [Unescaped(f"**{text}**") if best else text for text, best in zip(each.texts, each.best, strict=True)]
        for each in columns
    ]
    return github_table(list(zip(*cells, strict=True)), [each.title for each in columns])


def _list(lines: Sequence[str]) -> str:
    return "\n".join(f"- {escape(line)}" for line in lines)
