"""Sums of Euclidean distances from each sample to groups of samples, tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numba
import numpy as np
import scipy.linalg.cython_blas  # noqa: F401  # what numba multiplies with, so that its threads can be limited
from numpy.typing import NDArray
from threadpoolctl import threadpool_info, threadpool_limits

Array = NDArray[Any]
BLOCK = 16
TILE = 512  # rows and columns of a tile: 1 MB, so that it stays in the cache of a core
WIDEST = 2**28  # bytes of sums that are held for all samples at once
NEAR = np.float32(0.01)  # below this part of the squared norms, rounding would show: measured anew


def _compiled(function: Callable[..., Any]) -> Any:
    """Compile; the code is kept for the next process where there is a folder that can be written."""
    finite = {"contract", "reassoc", "nsz", "nnan", "ninf", "arcp"}
    options: dict[str, Any] = {"nogil": True, "fastmath": finite}
    try:
        return numba.njit(cache=True, **options)(function)
    except RuntimeError:
        return numba.njit(**options)(function)


@_compiled
def _to_distances(tile: Any, left: Any, right: Any, unit: Any, norms_left: Any, norms_right: Any) -> None:
    """Turn inner products of centred samples into distances, in place."""
    for i in range(tile.shape[0]):
        row = tile[i]
        near = 0
        for j in range(tile.shape[1]):
            both = norms_left[i] + norms_right[j]
            square = both - np.float32(2) * row[j]
            near += square < NEAR * both
            row[j] = np.sqrt(max(square, np.float32(0)))
        if near:
            for j in range(tile.shape[1]):
                if row[j] * row[j] < NEAR * (norms_left[i] + norms_right[j]):
                    square = np.float32(0)
                    for k in range(left.shape[1]):
                        step = np.float32((left[i, k] - right[j, k]) * unit)
                        square += step * step
                    row[j] = np.sqrt(square)


@_compiled
def _add_rows(tile: Any, groups: Any, sums: Any, part: Any) -> None:
    """Add each row of a tile to the sums of its groups, one of each labelling."""
    part[:] = 0
    for labelling in range(groups.shape[0]):
        for i in range(tile.shape[0]):
            row, total = tile[i], part[groups[labelling, i]]
            for j in range(tile.shape[1]):
                total[j] += row[j]
    for group in range(sums.shape[0]):
        row, total = part[group], sums[group]
        for j in range(total.shape[0]):
            total[j] += row[j]


@_compiled
def _add_runs(tile: Any, groups: Any, sums: Any) -> None:
    """Add each row of a tile to its own sums by the groups of the columns, where equal ones lie together."""
    left = 0
    while left < len(groups):
        right = left + 1
        while right < len(groups) and groups[right] == groups[left]:
            right += 1
        total = sums[groups[left]]
        for i in range(tile.shape[0]):
            run = tile[i, left:right]
            part = np.float32(0)
            for j in range(run.shape[0]):
                part += run[j]
            total[i] += part
        left = right


@_compiled
def _mirror(tile: Any, mirrored: Any) -> None:
    """Transpose a tile, by small blocks that fit the registers."""
    for above in range(0, tile.shape[0], BLOCK):
        for left in range(0, tile.shape[1], BLOCK):
            for i in range(above, min(above + BLOCK, tile.shape[0])):
                for j in range(left, min(left + BLOCK, tile.shape[1])):
                    mirrored[j, i] = tile[i, j]


@_compiled
def _add_strip(
    samples: Any,
    unit: Any,
    centred: Any,
    norms: Any,
    groups: Any,
    start: int,
    stop: int,
    mirror: bool,
    sums: Any,
) -> None:
    """Add the distances between samples `start` to `stop` and those that follow, or all, to their sums.

    With `mirror`, `sums` are of all samples: those that follow gain by the strip, and the strip by them.
    """
    n = len(samples)
    room, turned = np.empty(TILE * TILE, np.float32), np.empty(TILE * TILE, np.float32)
    parts = np.empty(len(sums) * TILE, np.float32)
    height = stop - start
    for left in range(start if mirror else 0, n, TILE):
        right = min(left + TILE, n)
        width = right - left
        tile = room[: width * height].reshape((width, height))
        np.dot(centred[left:right], centred[start:stop].T, tile)
        some, others = samples[left:right], samples[start:stop]
        _to_distances(tile, some, others, unit, norms[left:right], norms[start:stop])
        part = parts[: len(sums) * height].reshape((len(sums), height))
        if not mirror:
            _add_rows(tile, groups[:, left:right], sums, part)
            continue
        _add_rows(tile, groups[:, left:right], sums[:, start:stop], part)
        if left == start:
            continue
        if len(groups) == 1:
            _add_runs(tile, groups[0, start:stop], sums[:, left:right])
        else:
            back = turned[: width * height].reshape((height, width))
            _mirror(tile, back)
            part = parts[: len(sums) * width].reshape((len(sums), width))
            _add_rows(back, groups[:, start:stop], sums[:, left:right], part)


def n_threads() -> int:
    """Return how many threads numeric libraries may use in this process.

    Examples
    --------
    >>> n_threads() >= 1
    True
    """
    return max((each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"), default=1)


class Distances:
    """Distances between samples, accurate to about 1e-6 wherever the samples lie.

    A tile is one matrix product of centred samples, in float32. Where two samples are so near that the
    product would lose digits, their distance is measured from their difference.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        Finite. Distances are multiplied by `unit`, so that none overflows.
    """

    def __init__(self, X: Array) -> None:
        self.samples: Array = np.ascontiguousarray(
            X, dtype=np.float64 if X.dtype == np.float64 else np.float32
        )
        self.n = len(X)
        highest = max(float(self.samples.max()), -float(self.samples.min()))
        if highest > float(np.finfo(self.samples.dtype).max) / 8:  # differences must not overflow
            self.samples = self.samples * self.samples.dtype.type(0.125)
        centred = self._centred()
        largest = max(float(centred.max()), -float(centred.min()), float(np.finfo(centred.dtype).tiny))
        self.unit = centred.dtype.type(2.0 ** -np.ceil(np.log2(largest)))
        centred *= self.unit
        self.centred = centred.astype(np.float32, copy=False)
        self.norms = np.einsum("ij,ij->i", self.centred, self.centred)

    def _centred(self) -> Array:
        mean = self.samples.mean(axis=0, dtype=np.float64)
        centred: Array = self.samples - mean.astype(self.samples.dtype)
        return centred

    def parts(self) -> tuple[list[Array], float]:
        """Return float32 arrays and a unit: near samples differ by the sum of their differences times this.

        One array holds samples of single precision; those of double precision take two.
        """
        if self.samples.dtype == np.float32:
            return [self.samples], float(self.unit)
        rest = self._centred() * self.unit - self.centred
        return [self.centred, rest.astype(np.float32)], 1.0

    def most_groups(self, threads: int) -> int:
        """Return for how many groups the sums of all samples may be held at once."""
        return WIDEST // (8 * threads * self.n)

    def sums(self, groups: Array, n_groups: int, threads: int) -> Iterator[tuple[slice, Array]]:
        """Yield rows, and the sum of their distances to each group.

        Parameters
        ----------
        groups : ndarray of shape (c, n), int64
            Numbers from 0; a sample may be in one group for each of c labellings, so that the groups of all
            have numbers of their own.
        n_groups : int
        threads : int

        Yields
        ------
        rows : slice
        sums : ndarray of shape (n_groups, rows), float64
        """
        blocks = [slice(start, min(start + TILE, self.n)) for start in range(0, self.n, TILE)]
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
            if n_groups <= self.most_groups(threads):
                shares = [blocks[first::threads] for first in range(threads)]
                found = pool.map(lambda share: self._strips(share, groups, n_groups, True), shares)
                yield slice(0, self.n), np.sum(list(found), axis=0)
            else:
                for first in range(0, len(blocks), threads):  # no more at a time, as memory is short
                    some = blocks[first : first + threads]
                    found = pool.map(lambda rows: self._strips([rows], groups, n_groups, False), some)
                    yield from zip(some, found, strict=True)

    def _strips(self, strips: Sequence[slice], groups: Array, n_groups: int, mirror: bool) -> Array:
        sums = np.zeros((n_groups, self.n if mirror else strips[0].stop - strips[0].start))
        for rows in strips:
            where = (rows.start, rows.stop, mirror)
            _add_strip(self.samples, self.unit, self.centred, self.norms, groups, *where, sums)
        return sums
