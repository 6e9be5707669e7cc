"""Methods by datasets: the mean score of the first rows of each leaderboard, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...core.board import Board, Row
from ...leaderboard.columns import leading
from ...leaderboard.text import number
from .filters import origin

MOST = 20  # methods that are listed
FIRST = 10  # of each leaderboard that is alone
DIGITS = 3


@dataclass(frozen=True)
class Mean:
    """The mean score of a method on a leaderboard, and whether it is the best there."""

    text: str
    best: bool


@dataclass(frozen=True)
class Overview:
    """Methods with a mean for each leaderboard, None where a method was not run on it.

    Parameters
    ----------
    metrics : list of str
        Of each leaderboard, the one that ranks its rows.
    lines : list
        Name of each method, and its means.
    methods : int
        How many there are, listed or not.
    """

    metrics: list[str]
    lines: list[tuple[str, list[Mean | None]]]
    methods: int


def overview_of(boards: Sequence[Board]) -> Overview:
    """Return the methods that are among the first of some leaderboard, those on most leaderboards first."""
    metrics = [found.name if (found := leading(board)) else "" for board in boards]
    ranked = [_ranked(board, metric) for board, metric in zip(boards, metrics, strict=True)]
    places: dict[str, list[int]] = {}
    for means in ranked:
        for place, name in enumerate(means):
            places.setdefault(name, []).append(place)
    first = FIRST if len(boards) < 2 else max(3, MOST // len(boards))
    chosen = [name for name, found in places.items() if min(found) < first]
    chosen.sort(key=lambda name: (-len(places[name]), min(places[name]), name))
    lines = [(name, [means.get(name) for means in ranked]) for name in chosen[:MOST]]
    return Overview(metrics, lines, len(places))


def _ranked(board: Board, metric: str) -> dict[str, Mean]:
    """Return the means of a leaderboard by method, in the order of its rows."""
    found: dict[str, Mean] = {}
    names = [method(row) for row in board.rows]
    counts = Counter(names)
    for name, row in zip(names, board.rows, strict=True):
        summary = row.scores.get(metric)
        if summary is not None and row.complete:
            full = name if counts[name] == 1 else f"{name}, K {row.k}"
            found[full] = Mean(number(summary.mean, DIGITS), summary.mean == board.best.get(metric))
    return found


def method(row: Row) -> str:
    """Return what a row is called wherever it was run; K has another number on another dataset."""
    how = origin(row)
    return f"{row.encoder} + {row.clusterer}" + ("" if how == "given" else f", K {how}")
