"""Curve of K selection: the criterion at each K for every run of the row, and the chosen K."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ...core.cell import CURVE
from ...core.errors import NotApplicable
from ...leaderboard.k_curves import chosen, tried
from ..cell_data import StoredCell
from .picture import Picture
from .style import ACCENT, DIM, INK, LINE, PAPER, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Curve = Mapping[str, Any]


def draw(cell: StoredCell) -> Picture:
    """Draw a line per run of the row, this one in front.

    Raises
    ------
    NotApplicable
        If no K was chosen by a criterion.
    """
    own = curve_of(cell)
    if own is None:
        raise NotApplicable(f"{cell.record.clusterer} chose no K by a criterion")
    others = [curve for each in cell.row if each is not cell and (curve := curve_of(each))]
    figure = new_figure(3.1)
    axes = figure.subplots()
    for curve in others:
        _line(axes, curve, color=DIM, linewidth=0.9, alpha=0.55, marker_face=PAPER)
    _line(axes, own, color=ACCENT, linewidth=2.2, alpha=1.0, marker_face=ACCENT)
    classes = cell.record.data.classes
    _marks(axes, own, classes)
    axes.set_xlabel("K")
    axes.set_ylabel(short(own["criterion"], 40))
    axes.yaxis.set_major_formatter(lambda value, place: f"{value:,.6g}")
    axes.grid(axis="y")
    axes.margins(y=0.12)
    every = [own, *others]
    choice = "no K" if own["chosen"] is None else f"K = {own['chosen']}"
    alt = (
        f"{short(own['criterion'], 40)} at K = {tried([own])}: this run chose {choice}; "
        f"of {len(every)} run{'s' if len(every) > 1 else ''}: {chosen(every)}."
    )
    return Picture(figure, "Choice of K", alt, _caption(own, every, classes))


def curve_of(cell: StoredCell) -> Curve | None:
    """Return the curve of a cell's K selection, or None."""
    record = cell.cluster
    curve = record.values.get("selection") if record is not None else None
    return curve if isinstance(curve, dict) and curve.keys() >= CURVE and any(_points(curve)) else None


def _points(curve: Curve) -> list[tuple[int, float]]:
    pairs = zip(curve["k"], curve["values"], strict=False)
    return [(k, value) for k, value in pairs if value is not None]


def _line(axes: Axes, curve: Curve, *, color: str, linewidth: float, alpha: float, marker_face: str) -> None:
    points = _points(curve)
    axes.plot(*zip(*points, strict=True), color=color, linewidth=linewidth, alpha=alpha)
    at = [point for point in points if point[0] == curve["chosen"]]
    if at:
        axes.plot(
            *at[0], marker="D", markersize=6, markerfacecolor=marker_face, markeredgecolor=color,
            linestyle="none", zorder=4,
        )  # fmt: skip


def _marks(axes: Axes, own: Curve, classes: int | None) -> None:
    """Mark the K of this run and the number of classes, with labels that do not overlap."""
    from matplotlib.ticker import MaxNLocator

    ks = [k for k, _ in _points(own)]
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    marks = []
    if own["chosen"] is not None:
        marks.append((own["chosen"], f"chosen: {own['chosen']}", ACCENT, "-"))
    if classes and min(ks) <= classes <= max(ks):
        marks.append((classes, f"classes: {classes}", INK, ":"))
    for level, (k, text, colour, dashes) in enumerate(marks):
        axes.axvline(k, color=colour, linewidth=0.9, linestyle=dashes, zorder=0)
        late = k > (min(ks) + max(ks)) / 2
        axes.annotate(
            *(text, (k, 1 - 0.09 * level)), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
            xytext=(-4 if late else 4, 0), ha="right" if late else "left", va="top", color=colour,
            bbox={"facecolor": PAPER, "edgecolor": LINE, "linewidth": 0, "pad": 1, "alpha": 0.8},
        )  # fmt: skip


def _caption(own: Curve, every: Sequence[Curve], classes: int | None) -> str:
    text = "The thick line is this run; diamonds mark the chosen K of each run. " if len(every) > 1 else ""
    if own.get("edge"):
        text += "The chosen K is at the edge of the range tried; a K beyond it may be better. "
    spread = {curve["chosen"] for curve in every}
    if len(spread) > 1:
        text += f"The runs disagree: {chosen(every)}. "
    if classes:
        return text + "The criterion does not use the classes and need not agree with their number."
    return text + "The criterion is one of several notions of a good K."
