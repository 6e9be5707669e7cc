"""Mean ranks of a suite's methods, drawn within the page, with bars over those that no test tells apart."""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup

from ...leaderboard.statistics.diagram import levels
from ...leaderboard.suite.suite_board import SuiteBoard
from ...leaderboard.suite.suite_columns import short_names
from ..figures.style import short

WIDTH, STEP, TOP = 640, 28, 58
LEFT = 250  # of the axis
VALUE = 62  # room of the numbers beside the dots
Scale = Callable[[float], float]
GAP = 13  # between bars
NAME = 24  # characters


def rank_plot(board: SuiteBoard) -> Markup | None:
    """Draw mean ranks, 1 at the left, one method a line, best first (after Demšar, 2006, figure 1).

    A bar at the right joins methods that Nemenyi's test does not tell apart; the line at the top is as long
    as the critical difference. None without ranks.
    """
    ranking = board.ranking
    if ranking is None or len(ranking.pipelines) < 2:
        return None
    means: list[float] = ranking.mean_ranks.tolist()
    low, high = math.floor(means[0]), max(math.ceil(means[-1]), math.floor(means[0]) + 1)

    bars = levels(board.groups)
    right = WIDTH - 8 - GAP * len(bars) - VALUE

    def x(rank: float) -> float:
        return round(LEFT + float(rank - low) / (high - low) * (right - LEFT), 1)

    names = dict(zip([each.name for each in board.methods], short_names(board), strict=True))
    height = TOP + STEP * len(means) + 6
    label = "Mean ranks: " + "; ".join(
        f"{names[name]} {mean:.2f}" for name, mean in zip(ranking.pipelines, means, strict=True)
    )
    parts = [
        Markup('<svg class="plot ranks" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, height, label
        )
    ]
    parts += [*_axis(low, high, x, height), *_difference(board, low, x)]
    for place, (name, mean) in enumerate(zip(ranking.pipelines, means, strict=True)):
        y = TOP + STEP * place + STEP // 2
        parts.append(
            Markup(
                '<g><path class="stem" d="M{0} {1}H{2}"/><circle cx="{2}" cy="{1}"/>'
                '<text class="name" x="{0}" y="{3}" dx="-8">{4}</text>'
                '<text class="left" x="{2}" y="{3}" dx="9">{5}</text></g>'
            ).format(LEFT, y, x(mean), y + 5, short(names[name], NAME), f"{mean:.2f}")
        )
    for depth, level in enumerate(bars):
        for first, last in level:
            at = WIDTH - 8 - GAP * (len(bars) - 1 - depth)
            ends = [TOP + STEP * place + STEP // 2 for place in (first, last)]
            parts.append(Markup('<path class="bar" d="M{} {}V{}"/>').format(at, ends[0] - 6, ends[1] + 6))
    return Markup("").join([*parts, Markup("</svg>")])


def _axis(low: int, high: int, x: Scale, height: int) -> list[Markup]:
    """Draw the ticks of whole ranks, at most ten."""
    step = max(1, math.ceil((high - low) / 10))
    ticks = range(low, high + 1, step)
    lines = Markup("").join(Markup("M{} {}V{}").format(x(each), TOP - 6, height - 6) for each in ticks)
    texts = [Markup('<text x="{}" y="{}">{}</text>').format(x(each), TOP - 12, each) for each in ticks]
    return [Markup('<g class="axes"><path d="{}"/>').format(lines), *texts, Markup("</g>")]


def _difference(board: SuiteBoard, low: int, x: Scale) -> list[Markup]:
    gap = board.critical_difference
    if gap is None or x(low + gap) > WIDTH - 20:
        return []
    text = f"critical difference {gap:.2f}"
    return [
        Markup('<path class="bar" d="M{} 10H{}"/><text class="left" x="{}" y="15" dx="10">{}</text>').format(
            x(low), x(low + gap), x(low + gap), text
        )
    ]
