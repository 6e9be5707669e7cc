"""The columns of a board's page: what each shows of a row, what it is sorted by, which are seen at first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...core.board import Board, Metric, Row, Summary, ranking
from ...leaderboard.flags import flags, shared
from ...leaderboard.significance import Marks
from ...leaderboard.text import clusters, missing, runs, seconds, spread, status
from .strip_plot import strip

MAIN = ("accuracy", "nmi", "ari")  # these are seen at first, others can be added


@dataclass(frozen=True)
class Shown:
    """What a cell shows, and the number that it is sorted by; None comes last, and text is sorted as text."""

    text: Any
    sort: float | None = None
    best: bool = False
    bad: bool = False


@dataclass(frozen=True)
class Column:
    """A column: `kind` is text, number, k, flags or strip; `first` is the direction of the first click."""

    title: str
    kind: str
    show: Callable[[Row], Shown]
    first: str = "ascending"
    hidden: bool = False
    note: str = ""
    ranked: bool = False


def leading(board: Board) -> Metric | None:
    """Return the metric that rows are ranked by, else the first that can be held against other rows'."""
    return ranking(board.metrics) or next((each for each in board.metrics if not each.own_space), None)


def columns_of(board: Board, marks: Marks) -> list[Column]:
    """Return the columns of a board, with the intervals and marks of the metric that ranks its rows."""
    first = leading(board)
    found = [
        Column("encoder", "text", lambda row: Shown(row.encoder)),
        Column("clusterer", "text", lambda row: Shown(row.clusterer)),
        Column("K", "k", lambda row: Shown(clusters(row), _mean(row.clusters))),
        Column("runs", "number", lambda row: Shown(runs(row), row.runs), "descending"),
    ]
    main = [name for name in MAIN if any(metric.name == name for metric in board.metrics)]
    main = main or [metric.name for metric in board.metrics[:3]]
    for metric in sorted(board.metrics, key=lambda metric: metric.name not in main):
        found.append(_scores(board, metric, metric.name not in main, marks))
        found += [_intervals(board, marks)] if metric.name == marks.metric else []
        found += [_strips(board, metric)] if metric == first else []
    found += [
        Column("encode s", "number", _seconds("encode_seconds"), hidden=True, note="seconds per fit"),
        Column("cluster s", "number", _seconds("cluster_seconds"), hidden=True, note="seconds per fit"),
    ]
    every = shared(board.rows)  # is said once, above

    def own(row: Row) -> list[str]:
        return [flag for flag in flags(row) if flag not in every]

    if any(map(own, board.rows)):
        found.append(Column("flags", "flags", lambda row: Shown(own(row), len(own(row))), "descending"))
    return [*found, Column("status", "text", lambda row: Shown(status(row), bad=failed(row)))]


def failed(row: Row) -> bool:
    """Whether some run ended in another way than it should."""
    return not {"ok", "not-applicable"}.issuperset(row.statuses)


def _mean(summary: Summary | None) -> float | None:
    return finite(summary.mean) if summary else None


def finite(value: float) -> float | None:
    """Return a number as pages keep it, with six decimals, or None where it is none."""
    return round(value, 6) if math.isfinite(value) else None


def _scores(board: Board, metric: Metric, hidden: bool, marks: Marks) -> Column:
    best, places = board.best.get(metric.name), _places(board)

    def show(row: Row) -> Shown:
        summary = row.scores.get(metric.name)
        text = spread(summary, missing(row))
        if summary is None:
            return Shown(text, bad=failed(row) and not row.runs)
        text += f" ({summary.n} of {row.runs} runs)" if summary.n != row.runs else ""
        text += marks.mark(metric.name, places[id(row)])
        return Shown(text, _mean(summary), best=row.complete and summary.mean == best)

    order = "ascending" if metric.direction == "lower" else "descending"
    note = "lower is better" if metric.direction == "lower" else ""
    note += (", " if note else "") + "own space" if metric.own_space else ""
    return Column(metric.name, "number", show, order, hidden, note, metric.name == marks.metric)


def _places(board: Board) -> dict[int, int]:
    return {id(row): place for place, row in enumerate(board.rows)}


def _intervals(board: Board, marks: Marks) -> Column:
    places = _places(board)

    def show(row: Row) -> Shown:
        place = places[id(row)]
        found = marks.intervals[place]
        return Shown(marks.interval(place), finite(found.low) if found else None)

    return Column("95% interval", "number", show, "descending", note="of the mean")


def _strips(board: Board, metric: Metric) -> Column:
    found = [each.value for row in board.rows for each in row.values.get(metric.name, ())]
    finites = [value for value in found if math.isfinite(value)]
    low, high = min(finites, default=0.0), max(finites, default=1.0)

    def show(row: Row) -> Shown:
        values = [each.value for each in row.values.get(metric.name, ()) if math.isfinite(each.value)]
        width = finite(max(values) - min(values)) if len(values) > 1 else None
        return Shown(strip(values, low, high, metric.name), width)

    return Column("each run", "strip", show, "descending", note=f"{low:.2f} – {high:.2f}")


def _seconds(name: str) -> Callable[[Row], Shown]:
    return lambda row: Shown(seconds(getattr(row, name)), _mean(getattr(row, name)))
