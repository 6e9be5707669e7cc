"""Performance profiles of a suite's methods, drawn within the page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from ...leaderboard.suite.suite_board import SuiteBoard
from ...leaderboard.suite.suite_columns import short_names
from ...leaderboard.suite.summaries import profiles

WIDTH, HEIGHT = 640, 380
LEFT, RIGHT, TOP, BOTTOM = 68, 628, 14, 330
FARTHEST = 2.0
POINTS = 101
COLOURED = 5  # methods with a colour of their own


@dataclass(frozen=True)
class ProfilePlot:
    """A plot as an element of a page, and the methods with a colour, best first."""

    svg: Markup
    coloured: list[str]
    others: int


def profile_plot(board: SuiteBoard) -> ProfilePlot | None:
    """Draw the share of datasets on which each method is within a factor of the best; None without ranks."""
    methods = board.ranked
    if len(methods) < 2:
        return None
    scores = np.array(
        [
            [np.nan if (value := method.cells[n].value) is None else value for n in board.counted]
            for method in methods
        ]
    )
    factors = np.linspace(1, FARTHEST, POINTS)
    shares = profiles(scores, board.higher, factors.tolist())
    names = dict(zip([each.name for each in board.methods], short_names(board), strict=True))
    titles = [names[method.name] for method in methods]
    label = "Share of datasets within 1.1 times of the best: " + "; ".join(
        f"{title} {share:.0%}" for title, share in zip(titles, shares[:, 10], strict=True)
    )
    parts = [
        Markup('<svg class="plot profile" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
            WIDTH, HEIGHT, label
        )
    ]
    parts += _axes()
    for place in reversed(range(len(methods))):  # the first on top
        kind = f"p{place + 1}" if place < COLOURED else "other"
        path = _path(shares[place], factors)
        parts.append(
            Markup('<path class="{}" d="{}"><title>{}</title></path>').format(kind, path, titles[place])
        )
    return ProfilePlot(
        Markup("").join([*parts, Markup("</svg>")]), titles[:COLOURED], max(len(methods) - COLOURED, 0)
    )


def _x(factor: float) -> float:
    return round(LEFT + (factor - 1) / (FARTHEST - 1) * (RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _path(shares: np.ndarray, factors: np.ndarray) -> str:
    """Return the steps of a profile: only where it rises."""
    text, last = f"M{_x(1)} {_y(shares[0])}", shares[0]
    for share, factor in zip(shares, factors, strict=True):
        if share != last:
            text += f"H{_x(factor)}V{_y(share)}"
            last = share
    return f"{text}H{_x(FARTHEST)}"


def _axes() -> list[Markup]:
    rows = [0, 0.25, 0.5, 0.75, 1]
    lines = "".join(f"M{LEFT} {_y(each)}H{RIGHT}" for each in rows)
    parts = [Markup('<g class="axes"><path d="{}"/>').format(lines)]
    parts += [
        Markup('<text class="up" x="{}" y="{}">{}</text>').format(LEFT - 8, _y(each) + 5, f"{each:.0%}")
        for each in rows
    ]
    parts += [
        Markup('<text x="{}" y="{}">{}</text>').format(_x(each), BOTTOM + 20, f"{each:g}")
        for each in (1, 1.25, 1.5, 1.75, 2)
    ]
    middle = (LEFT + RIGHT) / 2
    return [*parts, Markup('<text x="{}" y="{}">factor of the best</text></g>').format(middle, BOTTOM + 44)]
