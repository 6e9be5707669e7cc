"""Score against seconds, drawn within the page: all runs, and the rows that no faster row beats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from markupsafe import Markup

from ...core.board import Row
from ...core.counts import counted
from ...leaderboard.columns import leading, seconds_of
from ...leaderboard.table_cells import BoardTable
from ...leaderboard.text import brief, number

WIDTH, HEIGHT = 640, 400
LEFT, RIGHT, TOP, BOTTOM = 60, 632, 12, 352  # of the field within
FLOOR = 1e-3  # seconds: no clock tells less apart


@dataclass(frozen=True)
class Point:
    """A row in the plot: `place` is its place on the leaderboard, `front` its number on the front or 0."""

    place: int
    name: str
    seconds: float
    score: float
    runs: tuple[float, ...]
    ranked: bool
    front: int = 0

    @property
    def text(self) -> str:
        """The score and seconds, as shown."""
        return f"{number(self.score, 3)}, {brief(self.seconds)} s"


@dataclass(frozen=True)
class ScorePlot:
    """A plot as an element of a page, its front from the fastest row to the best, and how to read it."""

    svg: Markup
    front: list[Point]
    metric: str
    caption: str


def score_plot(table: BoardTable, *, runs: bool = True) -> ScorePlot | None:
    """Draw the leading score of rows against their seconds; None where there are not two such rows.

    Parameters
    ----------
    table : BoardTable
    runs : bool
        Whether each run is drawn, beside the mean.
    """
    metric = leading(table.board)
    if metric is None:
        return None
    points = _points(table, metric.name)
    if len(points) < 2:
        return None
    sign = -1.0 if metric.direction == "lower" else 1.0
    front = pareto(points, sign)
    numbers = {each.place: n for n, each in enumerate(front, start=1)}
    label = f"Mean {metric.name} against seconds of {counted(len(points), 'row')}. " + "; ".join(
        f"{n} {each.name}: {each.text}" for n, each in enumerate(front, start=1)
    )
    shown = sorted(points, key=lambda each: each.place in numbers)  # the front is on top
    svg = _draw(shown, numbers, front, metric.name, label, runs)
    return ScorePlot(svg, front, metric.name, _caption(points, len(table.board.rows), runs))


def _points(table: BoardTable, metric: str) -> list[Point]:
    found = []
    for place, row in enumerate(table.board.rows):
        values = tuple(each.value for each in row.values.get(metric, ()) if math.isfinite(each.value))
        seconds = seconds_of(row)
        if values and seconds is not None:
            name = f"{row.encoder} + {row.clusterer}"
            found.append(Point(place, name, seconds, fmean(values), values, _may_lead(row)))
    return found


def _may_lead(row: Row) -> bool:
    """Return whether all runs finished and there are several, unless deterministic."""
    return row.complete and (row.deterministic or row.runs > 1)


def pareto(points: Sequence[Point], sign: float) -> list[Point]:
    """Return the rows that no faster row equals, fastest first.

    Rows with unfinished runs, and single runs where others have several, are left out.

    Examples
    --------
    >>> some = [Point(n, "", seconds, score, (score,), True) for n, (seconds, score) in
    ...         enumerate([(1, 0.5), (2, 0.4), (3, 0.7), (3, 0.6)])]
    >>> [each.place for each in pareto(some, 1.0)]
    [0, 2]
    """
    able = [each for each in points if each.ranked] or list(points)
    front: list[Point] = []
    for each in sorted(able, key=lambda each: (max(each.seconds, FLOOR), -sign * each.score)):
        if not front or sign * each.score > sign * front[-1].score:
            front.append(each)
    return front


def _caption(points: Sequence[Point], rows: int, runs: bool) -> str:
    parts = [
        "Each small dot is a run" * runs,
        "a larger one the mean of a row" if runs else "Each dot is a row",
    ]
    text = ", ".join(filter(None, parts)) + ". Numbered rows: no faster row scores as well. "
    text += "Seconds per fit of encoder and clusterer, on the machine that ran them."
    if any(each.seconds < FLOOR for each in points):
        text += " Less than a millisecond is drawn as one."
    missing = rows - len(points)
    return text + (f" Not drawn, without a score or seconds: {counted(missing, 'row')}." if missing else "")


@dataclass(frozen=True)
class _Scale:
    """A linear scale from values to places."""

    low: float
    high: float
    start: int
    end: int

    def __call__(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low)
        return f"{self.start + share * (self.end - self.start):.0f}"


def _scale(values: Sequence[float], start: int, end: int) -> _Scale:
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 0.5
    return _Scale(low - room, high + room, start, end)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return round numbers between two.

    Examples
    --------
    >>> ticks(0.03, 0.91)
    [0.2, 0.4, 0.6, 0.8]
    """
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(power * each for each in (1, 2, 5, 10, 20) if (high - low) / (power * each) <= most)
    return [round(n * step, 10) for n in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _draw(
    points: Sequence[Point],
    numbers: dict[int, int],
    front: Sequence[Point],
    metric: str,
    label: str,
    runs: bool,
) -> Markup:
    logs = [math.log10(max(each.seconds, FLOOR)) for each in points]
    x = _scale(logs, LEFT, RIGHT)
    y = _scale([value for each in points for value in (each.runs if runs else [each.score])], BOTTOM, TOP)
    drawn = Markup("").join(
        _point(each, x(math.log10(max(each.seconds, FLOOR))), y, numbers.get(each.place, 0), runs)
        for each in points
    )
    steps = [(x(math.log10(max(each.seconds, FLOOR))), y(each.score)) for each in front]
    line = "".join(f"H{across}V{up}" if n else f"M{across} {up}" for n, (across, up) in enumerate(steps))
    opening = Markup('<svg class="plot" viewBox="0 0 {} {}" role="group" aria-label="{}">')
    return (
        opening.format(WIDTH, HEIGHT, label)
        + _axes(x, y, metric)
        + Markup('<path class="front" d="{}H{}"/>{}</svg>').format(line, RIGHT, drawn)
    )


def _point(point: Point, across: str, y: _Scale, front: int, runs: bool) -> Markup:
    dots = "".join(f"M{across} {y(value)}h0" for value in point.runs) if runs and len(point.runs) > 1 else ""
    path = Markup('<path d="{}"/>').format(dots) if dots else ""
    up = y(point.score)
    if not front:
        return Markup('<g data-p="{}">{}<circle cx="{}" cy="{}"/></g>').format(point.place, path, across, up)
    return Markup(
        '<g data-p="{}" class="lead">{}<circle cx="{}" cy="{}"/><text x="{}" y="{}" dy="4">{}</text></g>'
    ).format(point.place, path, across, up, across, up, front)


def _axes(x: _Scale, y: _Scale, metric: str) -> Markup:
    down = ticks(y.low, y.high)
    powers = [10.0**power for power in range(math.ceil(x.low), math.floor(x.high) + 1)]
    along = powers if len(powers) > 1 else [each for each in _between(x) if x.low < math.log10(each) < x.high]
    lines = "".join(f"M{LEFT} {y(each)}H{RIGHT}" for each in down)
    lines += "".join(f"M{x(math.log10(each))} {TOP}V{BOTTOM}" for each in along)
    texts = [
        Markup('<text x="{}" y="{}" dy="4" class="up">{:g}</text>').format(LEFT - 8, y(each), each)
        for each in down
    ]
    texts += [
        Markup('<text x="{}" y="{}">{:,g}</text>').format(x(math.log10(each)), BOTTOM + 18, each)
        for each in along
    ]
    texts.append(
        Markup('<text class="name" x="{}" y="{}">seconds, logarithmic</text>').format(RIGHT, HEIGHT - 8)
    )
    texts.append(
        Markup('<text class="name left" x="{}" y="{}">{}</text>').format(4, HEIGHT - 8, f"↑ {metric}")
    )
    return Markup('<g class="axes"><path d="{}"/>{}</g>').format(lines, Markup("").join(texts))


def _between(x: _Scale) -> list[float]:
    """Return round seconds within less than two powers of ten."""
    return [part * 10.0**power for power in range(math.floor(x.low), math.ceil(x.high)) for part in (1, 2, 5)]
