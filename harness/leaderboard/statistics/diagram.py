"""Critical-difference diagram: pipelines on a line of mean ranks, with bars over indistinguishable ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ...core.counts import counted
from ...core.errors import HarnessError
from .ranks import Ranking, critical_difference, nemenyi
from .samples import Floats

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FORMATS = (".svg", ".png")
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")  # Okabe & Ito (2008)


def check_path(path: Path) -> None:
    """Raise an error if the diagram cannot be written to a file.

    Raises
    ------
    HarnessError
        If the file is not ``.svg`` or ``.png``.
    """
    if path.suffix.lower() not in FORMATS:
        raise HarnessError(f"Diagram {str(path)!r} must end in .svg or .png, e.g. ranks.svg.")
    if not path.parent.is_dir():
        raise HarnessError(f"Diagram {str(path)!r}: no folder {str(path.parent)!r}. Create it first.")


def draw(ranking: Ranking, path: Path, title: str = "") -> None:
    """Write the critical-difference diagram of Demšar (2006, figure 1), by Nemenyi's test at 0.05.

    Parameters
    ----------
    ranking : Ranking
        Of at least 3 pipelines on at least 5 datasets.
    path : Path
        Ending in ``.svg`` or ``.png``.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = ranking.pipelines
    longest = max(len(name) for name in names)
    figure = Figure(figsize=(6 + 0.16 * longest, 1.6 + 0.22 * len(names)), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    bars = levels(joined(nemenyi(ranking)))
    _draw_axis(axes, ranking.mean_ranks)
    _draw_pipelines(axes, ranking, below=len(bars) + 1)
    for depth, level in enumerate(bars, 1):
        for first, last in level:
            ends = ranking.mean_ranks[[first, last]]
            axes.plot(ends, [-depth, -depth], color="#555555", linewidth=4, solid_capstyle="round", zorder=3)
    gap = critical_difference(ranking)
    head = f"{title}\n" if title else ""
    figure.suptitle(
        f"{head}Mean rank over {counted(len(ranking.datasets), 'dataset')}, 1 is best; a bar joins "
        f"pipelines that Nemenyi's test cannot distinguish (critical difference {gap:.2f})",
        fontsize=10, wrap=True,
    )  # fmt: skip
    try:
        with rc_context({"svg.hashsalt": "harness"}):
            figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix.lower() == ".svg" else None)
    except OSError as error:
        raise HarnessError(f"Cannot write diagram {str(path)!r}: {error.strerror}.") from None


def joined(p: Floats) -> list[tuple[int, int]]:
    """Return the first and last pipeline of each longest run that a test does not tell apart at 0.05.

    Examples
    --------
    >>> joined(np.array([[1, 0.2, 0.01], [0.2, 1, 0.3], [0.01, 0.3, 1]]))
    [(0, 1), (1, 2)]
    """
    found: list[tuple[int, int]] = []
    for first, row in enumerate(p):
        last = int(np.flatnonzero(row >= 0.05)[-1])
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def levels(bars: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Lay bars, sorted by their first pipelines, on as few levels as keep those of one level apart.

    Examples
    --------
    >>> levels([(0, 2), (1, 3), (3, 5)])
    [[(0, 2), (3, 5)], [(1, 3)]]
    """
    found: list[list[tuple[int, int]]] = []
    for bar in bars:
        free = next((level for level in found if level[-1][1] < bar[0]), None)
        if free is None:
            found.append([bar])
        else:
            free.append(bar)
    return found


def _draw_axis(axes: Axes, means: Floats) -> None:
    axes.spines[["left", "right", "bottom"]].set_visible(False)
    axes.spines["top"].set_position(("data", 0))
    axes.xaxis.tick_top()
    axes.set_yticks([])
    axes.set_xticks(np.arange(np.floor(means.min()), np.ceil(means.max()) + 1))


def _draw_pipelines(axes: Axes, ranking: Ranking, below: int) -> None:
    """Draw a line from each mean rank to its name: the better half on the left, the others on the right."""
    means, half = ranking.mean_ranks, (len(ranking.pipelines) + 1) // 2
    margin = 0.05 * (means[-1] - means[0] or 1)
    for place, (name, mean) in enumerate(zip(ranking.pipelines, means, strict=True)):
        left = place < half
        depth = -below - (place if left else len(means) - 1 - place)
        end = means[0] - margin if left else means[-1] + margin
        colour = COLOURS[place % len(COLOURS)]
        axes.plot([mean, mean, end], [0, depth, depth], color=colour, linewidth=2)
        axes.plot(mean, 0, "o", color=colour, clip_on=False)
        text = f"{name}  {mean:.2f} " if left else f" {mean:.2f}  {name}"
        axes.text(end, depth, text, ha="right" if left else "left", va="center", fontsize=10)
