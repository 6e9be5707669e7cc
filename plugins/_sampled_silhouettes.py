"""Mean silhouettes estimated from a random sample: each sampled silhouette is exact, over all samples."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from harness import Estimate, report_progress

from ._distances import TILE, Distances, _members, n_threads
from ._silhouettes import _silhouettes, mean_silhouettes

Array = NDArray[Any]


def estimated_silhouettes(
    X: Array, labelings: Sequence[Array], sample: int, seed: int
) -> list[Estimate | None]:
    """Return the estimated mean silhouette of each labelling; None if it has one cluster, or one per sample.

    A simple random sample without replacement is drawn, the same for all labellings. The silhouettes of its
    members are computed with their distances to all n samples, so their mean is unbiased, and its standard
    error is s / sqrt(m) * sqrt(1 - m / n), with the sample standard deviation s and the sample size m.
    Time grows with m n d.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite.
    labelings : sequence of ndarray of shape (n,), int64
        Every label is a cluster, including -1.
    sample : int
        The sample size, at least 2; from n on, the exact values are returned, with a standard error of 0.
    seed : int

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(300, 2)) + [[0, 0], [4, 0], [0, 4]] * 100
    >>> (part,) = estimated_silhouettes(X, [np.tile([0, 1, 2], 100)], 100, 0)
    >>> (whole,) = estimated_silhouettes(X, [np.tile([0, 1, 2], 100)], 300, 0)
    >>> abs(part - whole) < 3 * part.standard_error, whole.standard_error
    (True, 0.0)
    """
    n = len(X)
    if sample >= n:
        exact = mean_silhouettes(X, labelings)
        return [None if value is None else Estimate(value, 0.0) for value in exact]
    found = [np.unique(labels, return_inverse=True)[1] for labels in labelings]
    usable = [number for number, each in enumerate(found) if 1 <= each.max() < n - 1]
    values: list[Estimate | None] = [None] * len(found)
    if not usable:
        return values
    drawn = np.random.default_rng(seed).choice(n, sample, replace=False)
    others = np.setdiff1d(np.arange(n), drawn, assume_unique=True)
    order = np.concatenate([np.sort(drawn), others])  # that of no labelling, so that others change no bit
    clusters = np.stack([found[number][order] for number in usable])
    each = _sampled(_Rows(X[order]), clusters, sample)
    errors = each.std(axis=1, ddof=1) * np.sqrt((1 - sample / n) / sample)
    for number, value, error in zip(usable, each.mean(axis=1), errors, strict=True):
        values[number] = Estimate(float(value), float(error))
    return values


def _sampled(distances: _Rows, clusters: Array, sample: int) -> Array:
    """Return the silhouettes of the first samples, of shape (labellings, sample)."""
    sizes = [np.bincount(each) for each in clusters]
    ends = np.cumsum([len(size) for size in sizes])
    starts = ends - [len(size) for size in sizes]
    values = np.empty((len(clusters), sample))
    for rows, sums in distances.first(sample, clusters + starts[:, None], int(ends[-1]), n_threads()):
        for number, (each, size) in enumerate(zip(clusters, sizes, strict=True)):
            part = sums[starts[number] : ends[number]]
            values[number, rows] = _silhouettes(part, each[rows], size)
        report_progress(rows.stop, sample, "rows of the sample")
    return values


class _Rows(Distances):
    """Distances of some samples to all."""

    def first(self, count: int, groups: Array, n_groups: int, threads: int) -> Iterator[tuple[slice, Array]]:
        """Yield rows, up to `count`, and the sums of their distances to each group, as `sums` does."""
        blocks = [slice(start, min(start + TILE, self.n)) for start in range(0, self.n, TILE)]
        members = [_members(groups[:, block], n_groups) for block in blocks]
        strips = [slice(start, min(start + TILE, count)) for start in range(0, count, TILE)]
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
            for first in range(0, len(strips), threads):  # no more at a time, to limit memory
                some = strips[first : first + threads]
                found = pool.map(lambda rows: self._strip(rows, blocks, members), some)
                yield from zip(some, found, strict=True)
