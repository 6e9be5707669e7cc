"""Two-dimensional map of the embedding, by cluster and, if there are classes, by class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...core.counts import counted
from ...core.interfaces import Floats, Labels
from ..cell_data import StoredCell
from .inputs import embedding_of, labels_of
from .matching import NOISE, match
from .palette import MOST, Look, looks
from .picture import Picture
from .projections import AXES, Maps, project
from .style import DIM, INK, PAPER, bare, new_figure, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Panel = tuple[str, Labels, dict[int, Look], dict[int, str]]
NAMES = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
CAVEATS = {
    "pca": "The first two principal components: groups that differ only in other components overlap.",
    "tsne": "t-SNE keeps neighbours together; distances between groups and their sizes mean little.",
    "umap": "UMAP keeps neighbours together; distances between groups and their sizes mean little.",
}


def draw(cell: StoredCell, method: str, maps: Maps | None = None) -> Picture:
    """Draw a map of the embedding, with a panel by cluster and one by class, as available.

    A cluster has the colour and marker of its matched class.

    Parameters
    ----------
    cell : StoredCell
    method : {"pca", "tsne", "umap"}
    maps : Maps, optional
        Cache of maps.

    Raises
    ------
    NotApplicable
        If there is no embedding, or the method is not installed.
    """
    embedding = embedding_of(cell)
    truth = None if cell.truth is None else np.asarray(cell.truth)
    labels = None if cell.labels is None and truth is not None else labels_of(cell)
    if maps is None:
        rows, points = project(method, embedding)
    else:
        rows, points = maps.project(method, embedding, cell.embedding_digest)
    panels = _panels(cell, labels, truth)
    figure = new_figure(4.2)
    spread = _spread(points)
    for axes, (title, groups, every, names) in zip(
        figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True
    ):
        _panel(axes, spread, groups[rows], every, names)
        axes.set_title(title)
    n = len(embedding)
    which = f"all {n:,} rows" if len(rows) == n else f"{len(rows):,} of {n:,} rows, drawn with seed 0"
    found = [] if labels is None else [f"in {_count(labels)}"]
    found += [] if truth is None else [f"by their {counted(len(np.unique(truth[truth >= 0])), 'class')}"]
    alt = f"Map of the embedding by {NAMES[method]}: {which} {', and the same '.join(found)}."
    caption = _caption(method, which, embedding, labels, truth)
    return Picture(figure, f"Map by {NAMES[method]}", alt, caption, panels=len(panels))


def _panels(cell: StoredCell, labels: Labels | None, truth: Labels | None) -> list[Panel]:
    """Return title, groups, looks and names of each panel."""
    by_cluster, by_class = _looks(truth if labels is None else labels, truth)  # type: ignore[arg-type]
    panels: list[Panel] = []
    if labels is not None:
        names = {each: "noise" if each == NOISE else str(each) for each in by_cluster}
        panels.append(("By cluster", labels, by_cluster, names))
    if truth is not None:
        panels.append(("By class", truth, by_class, {each: cell.class_name(each) for each in by_class}))
    return panels


def _looks(labels: Labels, truth: Labels | None) -> tuple[dict[int, Look], dict[int, Look]]:
    """Return the look of each cluster and class, the same for matched ones."""
    clusters = [int(each) for each in np.unique(labels)]
    sizes = {each: int((labels == each).sum()) for each in clusters}
    by_size = sorted((each for each in clusters if each != NOISE), key=lambda each: (-sizes[each], each))
    if truth is None:
        own = dict(zip(by_size, looks(len(by_size)), strict=True))
        return {**own, **({NOISE: Look(DIM, "x")} if NOISE in sizes else {})}, {}
    matching = match(truth, labels)
    classes = matching.classes.tolist()
    left = [each for each in by_size if each not in matching.class_of]
    every = looks(len(classes) + len(left))
    unknown = {NOISE: Look(DIM, "x")} if (truth < 0).any() else {}
    by_class = dict(zip(classes, every, strict=False))
    own = {cluster: by_class[each] for cluster, each in matching.class_of.items()}
    own |= dict(zip(left, every[len(classes) :], strict=True))
    return {**own, **({NOISE: Look(DIM, "x")} if NOISE in sizes else {})}, {**by_class, **unknown}


def _spread(points: Floats) -> Floats:
    """Return the points, jittered if they lie on a line."""
    if np.ptp(points[:, 1]) > 0 or not np.ptp(points[:, 0]) > 0:
        return points
    apart = np.random.default_rng(0).uniform(-0.1, 0.1, len(points)) * np.ptp(points[:, 0])
    return np.column_stack([points[:, 0], apart])


def _panel(axes: Axes, points: Floats, groups: Labels, every: dict[int, Look], names: dict[int, str]) -> None:
    size = float(np.clip(9000 / max(len(points), 1), 2.5, 16))
    sizes = {each: int((groups == each).sum()) for each in every}
    order = sorted(every, key=lambda each: (each != NOISE, -sizes[each], each))  # small groups on top
    for group in order:
        colour, marker = every[group]
        chosen = points[groups == group]
        axes.scatter(
            *(chosen[:, 0], chosen[:, 1], size, colour), marker=marker, alpha=0.75, rasterized=True,
            linewidths=0.5 if marker == "x" else 0,
        )  # fmt: skip
    named = [each for each in order if each != NOISE and sizes[each]]
    for group in named[:MOST]:
        x, y = _middle(points[groups == group])
        axes.text(
            *(x, y, short(names[group], 14)), ha="center", va="center", color=INK, fontsize=8, weight="bold",
            bbox={
                "boxstyle": "round,pad=0.2", "facecolor": PAPER, "alpha": 0.82, "linewidth": 1.4,
                "edgecolor": every[group].colour,
            },
        )  # fmt: skip
    if sizes.get(NOISE):
        axes.text(
            *(1, -0.01, f"× {names[NOISE]}, {sizes[NOISE]:,}"),
            transform=axes.transAxes,
            ha="right",
            va="top",
            color=DIM,
        )
    axes.set_aspect("equal", adjustable="datalim")
    bare(axes)


def _middle(points: Floats) -> tuple[float, float]:
    """Return the point closest to the median of some points."""
    middle = points[np.linalg.norm(points - np.median(points, axis=0), axis=1).argmin()]
    return float(middle[0]), float(middle[1])


def _count(labels: Labels) -> str:
    clusters = np.unique(labels[labels != NOISE])
    noise = int((labels == NOISE).sum())
    text = counted(len(clusters), "cluster")
    return f"{text} and {counted(noise, 'row')} of noise" if noise else text


def _caption(method: str, which: str, embedding: Floats, labels: Labels | None, truth: Labels | None) -> str:
    text = f"{which[0].upper()}{which[1:]}. {CAVEATS[method]} "
    if truth is not None and labels is not None:
        text += "A cluster has the colour of its matched class. "
    if embedding.shape[1] == 1:
        text += "The embedding has one column; heights are random, so that points do not overlap. "
    elif embedding.shape[1] > AXES and method != "pca":
        text += f"Computed from the first {AXES} principal components of {embedding.shape[1]} columns. "
    if labels is None:
        return text.rstrip()
    if len(np.unique(labels)) > MOST:
        text += f"Only the largest {MOST} clusters are named. "
    return text + "Clusters were found in the embedding, not on the map."
