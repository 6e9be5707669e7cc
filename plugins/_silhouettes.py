"""Exact mean silhouettes of many clusterings of the same samples, from one pass over their distances."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._device_distances import device_sums, usable
from ._distances import Distances, n_threads

Array = NDArray[Any]


def mean_silhouettes(X: Array, labelings: Sequence[Array], device: str = "cpu") -> list[float | None]:
    """Return the mean silhouette of each labelling; None if it has one cluster, or one per sample.

    Distances are computed once for all labellings, and only half of them, as they are symmetric. Time grows
    with n^2 d, memory with at most n times the number of clusters.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite.
    labelings : sequence of ndarray of shape (n,), int64
        Every label is a cluster, including -1.
    device : str
        An accelerator is used through PyTorch, if installed.

    Examples
    --------
    >>> X = np.array([[0.0], [1.0], [8.0], [9.0]])
    >>> one, two = mean_silhouettes(X, [np.zeros(4, int), np.array([0, 0, 1, 1])])
    >>> one is None, round(two, 4)
    (True, 0.8745)
    """
    found = [np.unique(labels, return_inverse=True)[1] for labels in labelings]
    values: list[float | None] = [None] * len(found)
    usable = [number for number, each in enumerate(found) if 1 <= each.max() < len(X) - 1]
    if not usable:
        return values
    order = np.argsort(found[usable[0]], kind="stable")  # sums over contiguous memory are faster
    distances = Distances(X[order])
    for some in _chunks(usable, found, distances.most_groups(n_threads())):
        clusters = np.stack([found[number][order] for number in some])
        for number, value in zip(some, _means(distances, clusters, device), strict=True):
            values[number] = value
    return values


def _chunks(numbers: Sequence[int], found: Sequence[Array], most: int) -> Iterator[list[int]]:
    """Yield the labellings in groups, of at least one, whose sums fit in memory together."""
    chunk: list[int] = []
    groups = 0
    for number in numbers:
        groups += int(found[number].max()) + 1
        if chunk and groups > most:
            yield chunk
            chunk, groups = [], int(found[number].max()) + 1
        chunk.append(number)
    yield chunk


def _means(distances: Distances, clusters: Array, device: str) -> list[float]:
    sizes = [np.bincount(each) for each in clusters]
    ends = np.cumsum([len(size) for size in sizes])
    starts = ends - [len(size) for size in sizes]
    totals = np.zeros(len(clusters))
    groups, n_groups = clusters + starts[:, None], int(ends[-1])
    there = usable(device)
    for rows, sums in (
        device_sums(distances, groups, n_groups, device)
        if there
        else distances.sums(groups, n_groups, n_threads())
    ):
        for number, (each, size) in enumerate(zip(clusters, sizes, strict=True)):
            part = sums[starts[number] : ends[number]]
            totals[number] += _silhouettes(part, each[rows], size).sum()
    return [float(total / clusters.shape[1]) for total in totals]


def _silhouettes(sums: Array, own: Array, sizes: Array) -> Array:
    """Return the silhouette of each sample, 0 in a cluster of one, from its sums of distances, (K, n)."""
    samples = np.arange(len(own))
    within = sums[own, samples] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes[:, None]
    means[own, samples] = np.inf
    nearest = means.min(axis=0)
    largest = np.maximum(within, nearest)
    value: Array = np.divide(nearest - within, largest, out=np.zeros(len(own)), where=largest > 0)
    value[sizes[own] == 1] = 0.0
    return value
