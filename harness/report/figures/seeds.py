"""Scores of all runs of a row, so that a single run is not mistaken for the result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from ...core.counts import counted
from ...core.errors import NotApplicable
from ..cell_data import StoredCell
from .picture import Picture
from .style import ACCENT, DIM, INK, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOGETHER = ("accuracy", "nmi", "ami", "ari", "purity")  # of one scale
APART = ("silhouette", "davies-bouldin", "calinski-harabasz")
OTHERS = 4  # number of metrics shown if none of these is present


def draw(cell: StoredCell) -> Picture:
    """Draw a strip per main metric, with a dot per run.

    Raises
    ------
    NotApplicable
        If there are no scores, or only one run.
    """
    found = runs_of(cell)
    if not found:
        raise NotApplicable(f"no scores: {cell.status[1] or 'none was requested'}")
    if max(map(len, found.values())) < 2:
        raise NotApplicable("there is only one run, so nothing to compare with")
    own = {name: n for name, runs in _scored(cell).items() for n, each in enumerate(runs) if each is cell}
    groups = _groups(found)
    heights = [0.42 * len(names) + 0.35 for names in groups]
    figure = new_figure(sum(heights) + 0.4)
    panels = figure.subplots(len(groups), 1, squeeze=False, height_ratios=heights)[:, 0]
    for axes, names in zip(panels, groups, strict=True):
        _panel(axes, names, found, own)
    told = "; ".join(f"{name} {_summary(found[name])}" for names in groups for name in names)
    n_runs = max(map(len, found.values()))
    alt = f"Scores of {counted(n_runs, 'run')}, which differ only in their seeds: {told}."
    caption = (
        "Each dot is a run, the diamond this one, the line the mean; ± is the standard deviation over runs."
    )
    return Picture(figure, "All runs of this row", alt, caption)


def runs_of(cell: StoredCell) -> dict[str, list[float]]:
    """Return the scores of the runs of the cell's row by metric, in the order of the seeds.

    Scores by another version of a metric than this cell's are left out.
    """
    return {name: [each.scores[name] for each in scored] for name, scored in _scored(cell).items()}


def _scored(cell: StoredCell) -> dict[str, list[StoredCell]]:
    """Return the runs with a score, by metric."""
    code = {name: each.code for name, each in cell.record.scores.items()}
    return {
        name: found
        for name in code
        if (found := [each for each in cell.row if name in each.scores and _code(each, name) == code[name]])
    }


def _code(cell: StoredCell, name: str) -> str:
    return cell.record.scores[name].code


def _groups(found: Mapping[str, Sequence[float]]) -> list[list[str]]:
    """Return the metrics of each panel; metrics with the same scale share one."""
    together = [name for name in TOGETHER if name in found]
    groups = [together] if together else []
    groups += [[name] for name in APART if name in found]
    return groups or [[name] for name in list(found)[:OTHERS]]


def _panel(
    axes: Axes, names: Sequence[str], found: Mapping[str, Sequence[float]], own: Mapping[str, int]
) -> None:
    for place, name in enumerate(names):
        values = found[name]
        lift = [place + 0.07 * (n % 3 - 1) for n in range(len(values))]  # separate equal values
        axes.scatter(values, lift, s=34, color=ACCENT, alpha=0.6, linewidths=0)
        mean = fmean(values)
        axes.plot([mean, mean], [place - 0.3, place + 0.3], color=INK, linewidth=1.4)
        if name in own:
            this = own[name]
            axes.scatter(
                *([values[this]], [lift[this]]), marker="D", s=48, facecolor="none", edgecolor=INK,
                linewidths=1.4, zorder=4,
            )  # fmt: skip
        beside = axes.get_yaxis_transform()
        axes.text(1.01, place, _summary(values), transform=beside, va="center", color=DIM)
    axes.set_yticks(range(len(names)), [short(name) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.margins(x=0.06)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.set_axisbelow(True)
    axes.xaxis.set_major_formatter(lambda value, place: f"{value:,.6g}")


def _summary(values: Sequence[float]) -> str:
    text = f"{fmean(values):.4f}" if abs(fmean(values)) < 100 else f"{fmean(values):,.1f}"
    if len(values) > 1:
        text += f" ± {stdev(values):.4f}" if abs(fmean(values)) < 100 else f" ± {stdev(values):,.1f}"
    return text
