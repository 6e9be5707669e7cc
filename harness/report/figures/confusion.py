"""Confusion matrix: rows per class and cluster, before and after matching."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...core.counts import counted
from ..cell_data import StoredCell
from .inputs import labels_of, truth_of
from .matching import Matching, match
from .picture import Picture
from .style import ACCENT, DIM, INK, LINE, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WRITTEN = 10  # rows and columns up to which numbers are printed
MOST = 40  # rows and columns shown
PALE = 0.5  # the darkest shade under a number, so that it is readable on white and on black


def draw(cell: StoredCell) -> Picture:
    """Draw the confusion matrix in numerical order, and in matched order.

    Raises
    ------
    NotApplicable
        If there are no classes or no clusters.
    """
    matching = match(truth_of(cell), labels_of(cell))
    n_classes, n_clusters = matching.counts.shape
    rows, columns = min(n_classes, MOST), min(n_clusters, MOST) + 1
    written = max(n_classes, n_clusters) <= WRITTEN
    wide = columns > 24  # one above the other if side by side is unreadable
    size = (0.5 + 0.17 * rows) if wide else 1.0 + 0.26 * max(rows, 4)
    figure = new_figure(2 * size + 1.2 if wide else max(size, 2.4) + 0.3)
    before, after = figure.subplots(2, 1) if wide else figure.subplots(1, 2)
    order = np.arange(n_classes)
    _panel(before, cell, matching, order, np.arange(n_clusters), written)
    before.set_title("As numbered by the clusterer")
    rows_after, columns_after = in_pairs(matching)
    _panel(after, cell, matching, rows_after, columns_after, written)
    after.set_title(f"Matched one to one: {matching.right:,} of {matching.sizes.sum():,} agree")
    return Picture(figure, "Classes and clusters", _alt(cell, matching), _caption(cell, matching, written))


def in_pairs(matching: Matching) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the orders of classes and clusters that put matched pairs on the diagonal.

    Unmatched ones come last, largest first.

    Examples
    --------
    >>> found = match(np.array([0, 0, 1, 1, 1]), np.array([5, 5, 3, 3, 4]))
    >>> [order.tolist() for order in in_pairs(found)]
    [[0, 1], [2, 0, 1]]
    """
    places = sorted(matching.pairs)
    partners = [matching.pairs[place] for place in places]
    left = [place for place in range(len(matching.classes)) if place not in matching.pairs]
    sizes = matching.counts.sum(axis=0)
    over = sorted(
        set(range(len(matching.clusters))) - set(partners), key=lambda place: (-sizes[place], place)
    )
    return np.array(places + left, dtype=np.int64), np.array(partners + over, dtype=np.int64)


def _panel(
    axes: Axes,
    cell: StoredCell,
    matching: Matching,
    rows: NDArray[np.int64],
    columns: NDArray[np.int64],
    written: bool,
) -> None:
    """Draw the counts in these orders, with noise and clusters beyond the limit at the right."""
    rows, shown = rows[:MOST], columns[:MOST]
    counts = matching.counts[np.ix_(rows, shown)]
    names = [str(matching.clusters[place]) for place in shown]
    if len(columns) > MOST:
        counts = np.column_stack([counts, matching.counts[np.ix_(rows, columns[MOST:])].sum(axis=1)])
        names.append(f"{len(columns) - MOST} more")
    if matching.noise.any():
        counts = np.column_stack([counts, matching.noise[rows]])
        names.append("noise")
    shares = counts / matching.sizes[rows][:, None]
    place_of = {int(place): n for n, place in enumerate(shown)}
    pairs = {(n, place_of.get(matching.pairs.get(int(row), -1), -1)) for n, row in enumerate(rows)}
    _cells(axes, counts, shares, pairs, written)
    _names(axes, [short(cell.class_name(int(matching.classes[row])), 16) for row in rows], names, len(shown))


def _cells(
    axes: Axes,
    counts: NDArray[np.int64],
    shares: NDArray[np.float64],
    pairs: set[tuple[int, int]],
    written: bool,
) -> None:
    from matplotlib.patches import Rectangle

    for (row, column), count in np.ndenumerate(counts):
        share = float(shares[row, column])
        if share >= 0.003:
            alpha = round(share * (PALE if written else 1), 3)
            axes.add_patch(Rectangle((column, row), 1, 1, facecolor=ACCENT, alpha=alpha, linewidth=0))
        if written and count:
            bold = "bold" if (row, column) in pairs else "normal"
            axes.text(
                *(column + 0.5, row + 0.52, f"{count}"), ha="center", va="center", color=INK, weight=bold,
                fontsize=7.5 if count < 10_000 else 6,
            )  # fmt: skip
    for row, column in sorted(pairs):
        if column >= 0:
            frame = Rectangle((column, row), 1, 1, fill=False, edgecolor=INK, linewidth=1.0, zorder=4)
            axes.add_patch(frame).set_clip_on(False)
    axes.set_xlim(0, counts.shape[1])
    axes.set_ylim(counts.shape[0], 0)


def _names(axes: Axes, rows: Sequence[str], columns: Sequence[str], clusters: int) -> None:
    small = 8.0 if max(len(rows), len(columns)) <= 24 else 6.0
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows, fontsize=small)
    far = len(columns) > 14 or any(len(name) > 3 for name in columns[:clusters])
    axes.set_xticks(np.arange(len(columns)) + 0.5, columns, fontsize=small, rotation=90 if far else 0)
    axes.tick_params(length=0)
    axes.set_xlabel("cluster")
    axes.set_ylabel("class")
    axes.spines[:].set(visible=True, color=LINE)
    if len(columns) > clusters:  # columns that are not clusters stand apart
        axes.axvline(clusters, color=DIM, linewidth=1.2)


def _alt(cell: StoredCell, matching: Matching) -> str:
    n_classes, n_clusters = matching.counts.shape
    noise = int(matching.noise.sum())
    beside = f", {counted(noise, 'row')} {'is' if noise == 1 else 'are'} noise" if noise else ""
    return (
        f"Confusion matrix of {counted(n_classes, 'class')} and "
        f"{counted(n_clusters, 'cluster')}{beside}. Matched one to one, {matching.right:,} of "
        f"{matching.sizes.sum():,} rows agree, accuracy {matching.accuracy:.4f}."
    )


def _caption(cell: StoredCell, matching: Matching, written: bool) -> str:
    n_classes, n_clusters = matching.counts.shape
    text = "Each row is a class, each column a cluster; a stronger colour is a larger share of its class. "
    text += "Frames mark the best one-to-one matching"
    if n_clusters > n_classes:
        text += f", which leaves {n_clusters - n_classes} of {n_clusters} clusters without a class"
    if n_classes > n_clusters:
        classes = [place for place in range(n_classes) if place not in matching.pairs]
        names = ", ".join(short(cell.class_name(int(matching.classes[place]))) for place in classes[:10])
        more = f" and {len(classes) - 10} more" if len(classes) > 10 else ""
        text += f", which leaves without a cluster: {names}{more}"
    text += (
        ". Rows of unmatched classes or clusters, and noise, count as wrong."
        if n_clusters != n_classes
        else "."
    )
    if n_clusters == n_classes and matching.noise.any():
        text += " Noise counts as wrong."
    if max(n_classes, n_clusters) > MOST:
        text += f" Only the first {MOST} classes and clusters are shown separately."
    return text
