"""Share of each class in its matched cluster."""

from __future__ import annotations

import numpy as np

from ...core.counts import counted
from ..cell_data import StoredCell
from .inputs import labels_of, truth_of
from .matching import Matching, match
from .picture import Picture
from .style import ACCENT, DIM, INK, new_figure, short

MOST = 40  # classes shown


def draw(cell: StoredCell) -> Picture:
    """Draw a bar for each class, the best at the top.

    Raises
    ------
    NotApplicable
        If there are no classes or no clusters.
    """
    matching = match(truth_of(cell), labels_of(cell))
    hits, sizes = per_class(matching), matching.sizes
    order = np.argsort(-hits / sizes, kind="stable")
    shown = order[:MOST]
    figure = new_figure(0.9 + 0.24 * len(shown))
    axes = figure.subplots()
    for place, number in enumerate(shown):
        axes.barh(place, hits[number] / sizes[number], height=0.66, color=ACCENT, alpha=0.6)
        axes.text(
            *(1.02, place, _told(matching, int(number), int(hits[number]))), va="center", color=INK,
            transform=axes.get_yaxis_transform(),
        )  # fmt: skip
    names = [short(cell.class_name(int(matching.classes[number]))) for number in order]
    axes.axvline(matching.accuracy, color=INK, linewidth=1, linestyle=(0, (4, 2)))
    mean = f"all rows {matching.accuracy:.1%}"
    axes.text(matching.accuracy, -0.62, mean, ha="center", va="bottom", color=DIM)
    axes.set_yticks(range(len(shown)), names[: len(shown)])
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.xaxis.set_major_formatter(lambda value, place: f"{value:.0%}")
    axes.set_xlabel("share of the class in its matched cluster")
    axes.tick_params(axis="y", length=0)
    worst, best = order[-1], order[0]
    alt = (
        f"Share of each of {counted(len(names), 'class')} in the cluster matched to it: from "
        f"{hits[worst] / sizes[worst]:.1%} ({names[-1]}) to {hits[best] / sizes[best]:.1%} ({names[0]}); "
        f"{matching.accuracy:.1%} of all rows."
    )
    return Picture(figure, "Classes one by one", alt, _caption(matching))


def per_class(matching: Matching) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return the number of rows of each class in its matched cluster, of shape (C,).

    Examples
    --------
    >>> per_class(match(np.array([0, 0, 1, 1, 2]), np.array([5, 5, 3, 5, 3]))).tolist()
    [2, 1, 0]
    """
    hits = np.zeros(len(matching.classes), dtype=np.int64)
    for place, partner in matching.pairs.items():
        hits[place] = matching.counts[place, partner]
    return hits


def _told(matching: Matching, number: int, hits: int) -> str:
    partner = matching.pairs.get(number)
    where = "matched to no cluster" if partner is None else f"cluster {matching.clusters[partner]}"
    size = int(matching.sizes[number])
    return f"{hits / size:.1%}: {hits:,} of {size:,}, {where}"


def _caption(matching: Matching) -> str:
    text = "Clusters are matched one to one with classes so that as many rows as possible agree"
    left = len(matching.classes) - len(matching.pairs)
    if left:
        text += f"; {left} of {len(matching.classes)} classes have no cluster"
    text += ". A class split over several clusters counts with only one of them."
    if len(matching.classes) > MOST:
        text += f" Only the best {MOST} of {len(matching.classes)} classes are shown."
    return text
