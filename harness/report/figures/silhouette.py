"""Silhouette plot: how much closer each row is to its own cluster than to the next (Rousseeuw, 1987)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...core.counts import counted
from ...core.errors import NotApplicable
from ...core.interfaces import Floats, Labels
from ..cell_data import StoredCell
from .inputs import embedding_of, labels_of
from .matching import NOISE
from .palette import OKABE_ITO
from .picture import Picture
from .projections import drawn
from .style import ACCENT, DIM, INK, new_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SAMPLE = 5000  # rows, as the time grows with their square
MOST = 30  # clusters shown
POINTS = 120  # of the outline of a cluster


def draw(cell: StoredCell) -> Picture:
    """Draw the sorted silhouettes of each cluster.

    Raises
    ------
    NotApplicable
        If there are fewer than two clusters, or one cluster per row.
    """
    labels, embedding = labels_of(cell), embedding_of(cell)
    rows = drawn(len(labels), SAMPLE)
    values = silhouettes(embedding[rows], labels[rows])
    clusters, sizes = np.unique(labels[rows], return_counts=True)
    order = [*clusters[clusters != NOISE], *clusters[clusters == NOISE]]
    if len(order) > MOST:
        largest = set(clusters[np.argsort(-sizes, kind="stable")[:MOST]].tolist())
        order = [cluster for cluster in order if int(cluster) in largest]
    groups = {_name(int(each)): np.sort(values[labels[rows] == each])[::-1] for each in order}
    figure = new_figure(max(2.6, min(0.9 + 0.3 * len(groups), 6.5)))
    _panel(figure.subplots(), groups, float(values.mean()))
    means = {name: float(each.mean()) for name, each in groups.items()}
    worst, best = min(means, key=lambda name: means[name]), max(means, key=lambda name: means[name])
    which = f"all {len(labels):,} rows" if len(rows) == len(labels) else (
        f"{len(rows):,} of {len(labels):,} rows, drawn with seed 0"
    )  # fmt: skip
    alt = (
        f"Silhouettes of {which}, in {counted(len(clusters), 'cluster')}: mean {values.mean():.4f}; by "
        f"cluster from {means[worst]:.2f} ({worst}) to {means[best]:.2f} ({best}); "
        f"{np.mean(values < 0):.1%} are negative."
    )
    return Picture(figure, "Silhouettes", alt, _caption(which, len(clusters), NOISE in clusters))


def silhouettes(embedding: Floats, labels: Labels) -> NDArray[np.float64]:
    """Return the silhouette of each row in Euclidean distances, noise being one more cluster.

    Parameters
    ----------
    embedding : ndarray of shape (n, k)
    labels : ndarray of shape (n,), int64

    Raises
    ------
    NotApplicable
        If there are fewer than two clusters, or one cluster per row.

    Examples
    --------
    >>> silhouettes(np.array([[0.0], [1.0], [4.0], [5.0]]), np.array([0, 0, 1, 1])).round(2).tolist()
    [0.78, 0.71, 0.71, 0.78]
    """
    from sklearn.metrics import silhouette_samples

    n_clusters = len(np.unique(labels))
    if not 2 <= n_clusters < len(labels):
        found = "one cluster" if n_clusters == 1 else f"{n_clusters} clusters for {len(labels)} rows"
        raise NotApplicable(f"silhouettes need at least 2 clusters, and fewer than rows: there is {found}")
    values: NDArray[np.float64] = silhouette_samples(np.ascontiguousarray(embedding), labels)
    return values


def _panel(axes: Axes, groups: dict[str, NDArray[np.float64]], mean: float) -> None:
    total = sum(map(len, groups.values()))
    gap, least = max(total * 0.012, 1), total * 0.022  # a small cluster has room for its name
    bottom, places = 0.0, []
    for values in groups.values():
        height = len(values)
        slot = max(height, least)
        bottom += (slot - height) / 2
        heights = np.linspace(0, height, min(POINTS, height) + 1)
        outline = np.interp(heights, np.arange(height) + 0.5, values)
        for part, colour in ((outline.clip(min=0), ACCENT), (outline.clip(max=0), OKABE_ITO[1])):
            if part.any():
                axes.fill_betweenx(bottom + heights, 0, part, color=colour, alpha=0.75, linewidth=0)
        places.append(bottom + height / 2)
        bottom += (slot + height) / 2 + gap
    axes.axvline(0, color=DIM, linewidth=0.8)
    axes.axvline(mean, color=INK, linewidth=1.2, linestyle=(0, (4, 2)))
    axes.text(mean, -gap, f"mean {mean:.3f}", ha="center", va="bottom", color=INK)
    small = 8.5 if len(groups) <= 12 else 7
    axes.set_yticks(places, [_label(name, values) for name, values in groups.items()], fontsize=small)
    axes.set_ylim(bottom, -gap)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("silhouette")
    axes.set_ylabel("cluster, its rows and mean")


def _label(name: str, values: NDArray[np.float64]) -> str:
    return f"{name}   n {len(values):,}   {values.mean():+.2f}"


def _name(cluster: int) -> str:
    return "noise" if cluster == NOISE else str(cluster)


def _caption(which: str, n_clusters: int, noise: bool) -> str:
    text = f"Of {which}, in the embedding. A row below 0 is closer to another cluster than to its own. "
    if noise:
        text += "Noise counts as one cluster, as in the score. "
    if n_clusters > MOST:
        text += f"Only the largest {MOST} of {n_clusters} clusters are shown. "
    return text + "Silhouettes of different embeddings are not comparable."
