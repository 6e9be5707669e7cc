"""The page of a suite: methods by datasets as a heat map, with ranks, profiles, wins and cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from ...core.counts import counted
from ...leaderboard.suite.suite_board import SuiteBoard
from ...leaderboard.suite.suite_cells import SuiteCell
from ...leaderboard.suite.suite_columns import (
    GAP,
    cell_text,
    encoder_note,
    failures,
    short_names,
    summary_texts,
)
from ...leaderboard.suite.suite_markdown import headline, other_means, tested
from ...leaderboard.text import brief, number
from .profile_plot import profile_plot
from .rank_plot import rank_plot
from .render import render_page

SHADES = 10
LIMITS = (100, 200, 500, 1000, 2000, 5000, 10_000, 100_000)
WIDTHS = (2, 3, 10, 100, 1000)
TITLE = "Leaderboards"


def suite_page(
    boards: Sequence[SuiteBoard],
    template: str = "suite.html.j2",
    *,
    site: str = TITLE,
    urls: Mapping[str, str] | None = None,
    home: str = "",
    extending: str = "",
    **values: Any,
) -> str:
    """Return the page of a suite; it needs no other file.

    Parameters
    ----------
    boards : sequence of SuiteBoard
        The suite by each metric; the first one is shown.
    template : str
        One that extends that of this page, or the page itself.
    site : str
        The title of the site.
    urls : mapping, optional
        Addresses of the pages of leaderboards by their names.
    home : str
        Address of the index; empty if there is none.
    extending : str
        See `render_page`.
    **values
        More values of the template.

    Examples
    --------
    >>> from harness.core.board import Board, Metric
    >>> from harness.leaderboard.suite.suite_board import SuiteBoard
    >>> from harness.core.suite import Suite
    >>> suite = Suite("mine", "1", "My suite", "", "", "full", (), "mean", ())
    >>> page = suite_page([SuiteBoard(suite, "full", Metric("ari", "higher", False, True), "best", (), ())])
    >>> "My suite" in page, "<svg" in page
    (True, False)
    """
    board = boards[0]
    columns = summary_texts(board)
    columns[2:2] = other_means(board, boards[1:])[1:]
    names = short_names(board)
    first, *lines = headline(board)
    plain = {
        "site": site,
        "home": home,
        "title": board.suite.title or board.suite.name,
        "board": board,
        "about": first,
        "lines": [line for line in lines if line != tested(board)],
        "tested": tested(board),
        "notes": [*board.notes, *encoder_note(board)],
        "summary": columns,
        "names": names,
        "datasets": [_dataset(board, place, urls or {}) for place in range(len(board.columns))],
        "groups": [group for group in board.groups_of_datasets if group],
        "limits": _limits(LIMITS, [column.samples for column in board.columns]),
        "widths": _limits(WIDTHS, [column.features for column in board.columns]),
        "packed": _packed(board),
        "ranks": rank_plot(board),
        "profile": profile_plot(board),
        "failures": failures(board),
        "pairs": [
            ["–" if n == m else "/".join(map(str, each)) for m, each in enumerate(row)]
            for n, row in enumerate(board.pairs)
        ],
        "counts": counted(len(board.columns), "dataset"),
    }
    return render_page(template, extending=extending, **{**plain, **values})


def _dataset(board: SuiteBoard, place: int, urls: Mapping[str, str]) -> dict[str, Any]:
    """Return the line of a dataset."""
    column, best = board.columns[place], board.best(place)
    pages = {name: f"{name}.{board.protocol}" for name in column.boards}
    cells = [method.cells[place] for method in board.methods]
    return {
        "column": column,
        "links": [(name, urls[page]) for name, page in pages.items() if page in urls],
        "classes": "/".join(dict.fromkeys(GAP if each is None else str(each) for each in column.classes)),
        "cells": [(cell_text(cell).partition(" (")[0], _kind(cell, best, board)) for cell in cells],
    }


def _kind(cell: SuiteCell, best: float | None, board: SuiteBoard) -> str:
    """Return the classes of a cell: its shade, and whether it is best or failed."""
    if cell.value is None:
        return "bad" if cell.state == "failed" else "gap"
    shade = min(max(round(cell.value * SHADES), 0), SHADES) if _is_share(board) else 0
    return f"h{shade if board.higher else SHADES - shade}" + (" best" if cell.value == best else "")


def _is_share(board: SuiteBoard) -> bool:
    """Return whether all scores are at most 1, so that they have a shade."""
    return all(cell.value is None or abs(cell.value) <= 1 for each in board.methods for cell in each.cells)


def _packed(board: SuiteBoard) -> dict[str, Any]:
    """Return what a script needs: scores with more digits than are shown, and the facts of each cell."""
    return {
        "metric": board.metric.name,
        "higher": board.higher,
        "ranked": [method.ranked for method in board.methods],
        "counted": [column.counted for column in board.columns],
        "datasets": [column.name for column in board.columns],
        "methods": [method.name for method in board.methods],
        "scores": [
            [
                None if (value := method.cells[n].value) is None else round(value, 6)
                for method in board.methods
            ]
            for n in range(len(board.columns))
        ],
        "facts": [[_facts(method.cells[n]) for method in board.methods] for n in range(len(board.columns))],
    }


def _facts(cell: SuiteCell) -> str:
    """Describe a cell in a line."""
    if cell.value is None:
        return cell.reason
    spread = "" if cell.std is None else f" ± {number(cell.std)}"
    found = (
        ""
        if cell.clusters is None or cell.k.startswith(f"{cell.clusters:.0f} ")
        else f", {cell.clusters:.3g} found"
    )
    runs = "" if cell.seeds == 1 and cell.estimate is not None else f", {counted(cell.seeds, 'run')}"
    return f"{number(cell.value)}{spread}{runs}, K {cell.k}{found}, {brief(cell.seconds)} s"


def _limits(steps: Sequence[int], sizes: Sequence[int]) -> list[int]:
    """Return the limits that leave some datasets in and some out."""
    return [each for each in steps if sizes and min(sizes) <= each < max(sizes)]


def suite_entry(boards: Sequence[SuiteBoard]) -> dict[str, Any]:
    """Return what an index has of a suite: its page, title, and answer."""
    suite, (first, *lines) = boards[0].suite, headline(boards[0])
    file, title = f"suite-{suite.name}.html", suite.title or suite.name
    return {"file": file, "url": quote(file), "title": title, "lines": [*lines[:1], first]}
