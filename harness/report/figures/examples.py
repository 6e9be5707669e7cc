"""Images of each cluster: those closest to its centre, and the most ambiguous ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...core.counts import counted
from ...core.errors import NotApplicable
from ...core.interfaces import Floats, Labels
from ..cell_data import StoredCell
from .images import image_at, pixels, scale_of
from .inputs import embedding_of, image_shape_of, labels_of, samples_of
from .matching import NOISE, match
from .palette import OKABE_ITO
from .picture import Picture
from .style import DIM, INK, bare, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NEAREST, AMBIGUOUS = 8, 5
MOST = 20  # clusters shown
CHUNK = 4096  # rows whose distances are held at once
LEFT, STEP, BREAK = 2.3, 1.14, 0.7  # in widths of an image
WRONG = OKABE_ITO[1]

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Examples:
    """Rows of one cluster to show.

    Parameters
    ----------
    cluster : int
    size : int
        Its number of rows.
    nearest, ambiguous : ndarray of int64
        Those closest to its centre, and those whose distances to the closest two centres differ least.
    """

    cluster: int
    size: int
    nearest: Places
    ambiguous: Places


def draw(cell: StoredCell) -> Picture:
    """Draw a line of images per cluster.

    Raises
    ------
    NotApplicable
        If the samples are not images, or there is no cluster.
    """
    shape, labels, embedding = image_shape_of(cell), labels_of(cell), embedding_of(cell)
    samples = samples_of(cell)
    examples = examples_of(embedding, labels)
    if not examples:
        raise NotApplicable("every row is noise, so there is no cluster")
    truth = None if cell.truth is None else np.asarray(cell.truth)
    partner = {} if truth is None else match(truth, labels).class_of
    shown = sorted(
        sorted(examples, key=lambda each: (-each.size, each.cluster))[:MOST], key=lambda each: each.cluster
    )
    ratio = shape[0] / shape[1]
    tall = ratio + (0.12 if truth is None else 0.46)
    width = LEFT + STEP * (NEAREST + AMBIGUOUS) + BREAK
    height = 0.5 + tall * len(shown)
    figure = new_figure(8.0 / width * height)
    axes = figure.subplots()
    low, high = scale_of(np.asarray(samples[np.concatenate([[0], *(each.nearest for each in shown)])]))
    axes.text(LEFT, 0.3, "closest to the centre", color=DIM, va="bottom")
    second = LEFT + STEP * NEAREST + BREAK
    if any(len(each.ambiguous) for each in shown):
        axes.text(second, 0.3, "most ambiguous", color=DIM, va="bottom")
    for line, each in enumerate(shown):
        top = 0.5 + tall * line
        _name(axes, cell, each, partner, top + ratio / 2)
        for start, rows in ((LEFT, each.nearest), (second, each.ambiguous)):
            for place, row in enumerate(rows):
                left = start + STEP * place
                image_at(axes, pixels(samples[row], shape, low, high)[0], left, top, ratio)
                if truth is not None:
                    own = int(truth[row])
                    _class(axes, cell.class_name(own), own == partner.get(each.cluster), left, top, ratio)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    bare(axes)
    return Picture(
        figure, "Examples of each cluster", _alt(cell, examples, shown, partner), _caption(examples, truth)
    )


def examples_of(embedding: Floats, labels: Labels) -> list[Examples]:
    """Choose the rows of each cluster to show; deterministic, the first of ties.

    Parameters
    ----------
    embedding : ndarray of shape (n, k)
    labels : ndarray of shape (n,), int64
        Noise is in no cluster.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [2.0], [8.0], [9.0], [16.0]])
    >>> one, two = examples_of(X, np.array([0, 0, 0, 1, 1, 1]))
    >>> one.nearest.tolist(), two.ambiguous.tolist()
    ([1, 0, 2], [3, 4, 5])
    """
    clusters = np.unique(labels[labels != NOISE])
    centres = np.array([np.mean(embedding[labels == each], axis=0, dtype=np.float64) for each in clusters])
    examples = []
    if not len(clusters):
        return []
    own, margin = _distances(embedding, np.searchsorted(clusters, labels), centres)
    for cluster in clusters:
        rows = np.flatnonzero(labels == cluster)
        nearest = rows[np.argsort(own[rows], kind="stable")[:NEAREST]]
        few = rows[np.argsort(margin[rows], kind="stable")[:AMBIGUOUS]] if len(clusters) > 1 else rows[:0]
        examples.append(Examples(int(cluster), len(rows), nearest, few))
    return examples


def _distances(
    embedding: Floats, places: Places, centres: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each row's distance to its own centre, and the difference between the closest two centres."""
    own, margin = np.zeros(len(embedding)), np.zeros(len(embedding))
    squares = np.square(centres).sum(axis=1)
    for start in range(0, len(embedding), CHUNK):
        some = np.asarray(embedding[start : start + CHUNK], dtype=np.float64)
        square = np.square(some).sum(axis=1)[:, None] - 2 * some @ centres.T + squares
        distances = np.sqrt(square.clip(min=0))
        place = places[start : start + CHUNK].clip(max=len(centres) - 1)
        own[start : start + CHUNK] = distances[np.arange(len(some)), place]
        if len(centres) > 1:
            first, second = np.partition(distances, 1, axis=1)[:, :2].T
            margin[start : start + CHUNK] = second - first
    return own, margin


def _name(axes: Axes, cell: StoredCell, each: Examples, partner: dict[int, int], middle: float) -> None:
    axes.text(0, middle - 0.06, f"cluster {each.cluster}", va="bottom", color=INK, weight="bold")
    below = counted(each.size, "row")
    if each.cluster in partner:
        below = f"class {short(cell.class_name(partner[each.cluster]), 14)}\n{below}"
    axes.text(0, middle, below, va="top", color=DIM, fontsize=7.5)


def _class(axes: Axes, name: str, right: bool, left: float, top: float, ratio: float) -> None:
    """Write the class of an image below it; in bold with a frame if it is not its cluster's."""
    from matplotlib.patches import Rectangle

    if not right:
        frame = Rectangle((left, top), 1, ratio, fill=False, edgecolor=WRONG, linewidth=1.8, zorder=4)
        axes.add_patch(frame)
    axes.text(
        *(left + 0.5, top + ratio + 0.05, short(name, 9)), ha="center", va="top", fontsize=6,
        color=DIM if right else INK, weight="normal" if right else "bold",
    )  # fmt: skip


def _alt(cell: StoredCell, examples: list[Examples], shown: list[Examples], partner: dict[int, int]) -> str:
    named = ", ".join(
        f"{each.cluster} ({short(cell.class_name(partner[each.cluster]))})"
        if each.cluster in partner
        else str(each.cluster)
        for each in shown
    )
    every = f"{len(examples)} clusters" if len(examples) != 1 else "the one cluster"
    first = f"the {MOST} largest of {len(examples)} clusters" if len(examples) > len(shown) else every
    return f"Images of {first}, closest to the centre and most ambiguous: cluster {named}."


def _caption(examples: list[Examples], truth: Labels | None) -> str:
    text = "The centre is the mean of the cluster's embedding, for every clusterer. "
    if len(examples) > 1:
        text += "Most ambiguous: the distances to the closest two centres differ least. "
    if truth is not None:
        text += "A frame and bold text mark images of another class than the cluster's matched one. "
    if len(examples) > MOST:
        text += f"Only the largest {MOST} of {len(examples)} clusters are shown."
    return text.rstrip()
