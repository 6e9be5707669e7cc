"""Sums of Euclidean distances from each sample to groups of samples, tile by tile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from threadpoolctl import threadpool_info, threadpool_limits

from harness import report_progress

Array = NDArray[Any]
TILE = 512  # rows and columns of a tile: 1 MB, so that it stays in the cache of a core
WIDEST = 2**28  # bytes of sums held for all samples at once
NEAR = np.float32(0.01)  # below this part of the squared norms, rounding would show: recomputed
AT_ONCE = 2**20  # coordinates of close samples held at once
EVERY = 1.0  # seconds between reports of progress


def n_threads() -> int:
    """Return how many threads numeric libraries may use in this process.

    Examples
    --------
    >>> n_threads() >= 1
    True
    """
    return max((each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"), default=1)


class Distances:
    """Distances between samples, accurate to about 1e-6 anywhere.

    A tile is one matrix product of centred samples, in float32. If two samples are so close that the
    product would lose digits, their distance is computed from their difference.

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
        """Return float32 arrays and a unit: close samples differ by the arrays' summed differences times it.

        Samples in single precision need one array, those in double precision two.
        """
        if self.samples.dtype == np.float32:
            return [self.samples], float(self.unit)
        rest = self._centred() * self.unit - self.centred
        return [self.centred, rest.astype(np.float32)], 1.0

    def most_groups(self, threads: int) -> int:
        """Return the number of groups whose sums over all samples fit the memory limit."""
        return WIDEST // (8 * threads * self.n)

    def sums(self, groups: Array, n_groups: int, threads: int) -> Iterator[tuple[slice, Array]]:
        """Yield rows, and the sum of their distances to each group.

        Parameters
        ----------
        groups : ndarray of shape (c, n), int64
            Numbers from 0. A sample is in one group for each of c labellings; groups of all labellings are
            numbered together.
        n_groups : int
        threads : int

        Yields
        ------
        rows : slice
        sums : ndarray of shape (n_groups, rows), float64
        """
        blocks = [slice(start, min(start + TILE, self.n)) for start in range(0, self.n, TILE)]
        members = [_members(groups[:, block], n_groups) for block in blocks]
        with threadpool_limits(1, "blas"), ThreadPoolExecutor(threads) as pool:
            if n_groups <= self.most_groups(threads):
                shares = [range(first, len(blocks), threads) for first in range(threads)]
                done = [0] * threads  # tiles of each thread
                found = [pool.submit(self._half, blocks, members, share, done) for share in shares]
                self._watch(found, done, len(blocks))
                yield slice(0, self.n), np.sum([each.result() for each in found], axis=0)
            else:
                for first in range(0, len(blocks), threads):  # no more at a time, to limit memory
                    some = blocks[first : first + threads]
                    strips = pool.map(lambda rows: self._strip(rows, blocks, members), some)
                    yield from zip(some, strips, strict=True)
                    report_progress(some[-1].stop, self.n, "rows")

    def _watch(self, found: Sequence[Future[Array]], done: Sequence[int], blocks: int) -> None:
        """Report progress from this thread, as those of a pool have no listener."""
        tiles = blocks * (blocks + 1) // 2
        while wait(found, timeout=EVERY).not_done:
            report_progress(self.n * sum(done) // tiles, self.n, "rows")

    def _half(self, blocks: Sequence[slice], members: Sequence[Any], share: range, done: list[int]) -> Array:
        """Return what some strips add to the sums of all samples; a tile also counts for its mirror image."""
        sums = np.zeros((members[0].shape[0], self.n))
        for above in share:
            rows = blocks[above]
            for left in range(above, len(blocks)):
                tile = self._tile(blocks[left], rows)
                sums[:, rows] += members[left] @ tile
                if left > above:
                    sums[:, blocks[left]] += members[above] @ tile.T
            done[share.start] += len(blocks) - above
        return sums

    def _strip(self, rows: slice, blocks: Sequence[slice], members: Sequence[Any]) -> Array:
        """Return the sums of the samples of one strip."""
        sums = np.zeros((members[0].shape[0], rows.stop - rows.start))
        for block, some in zip(blocks, members, strict=True):
            sums += some @ self._tile(block, rows)
        return sums

    def _tile(self, left: slice, right: slice) -> Array:
        """Return the distances between some samples and others, shape (left, right)."""
        both = self.norms[left, None] + self.norms[right]
        square: Array = (np.float32(-2) * self.centred[left]) @ self.centred[right].T
        square += both
        both *= NEAR
        i, j = np.nonzero(square < both)
        some = max(1, AT_ONCE // self.samples.shape[1])
        for start in range(0, len(i), some):
            part = slice(start, start + some)
            steps = self.samples[left][i[part]] - self.samples[right][j[part]]
            steps = (steps * self.unit).astype(np.float32, copy=False)
            square[i[part], j[part]] = np.einsum("ij,ij->i", steps, steps)
        return np.sqrt(square, out=square)  # pairs that rounding could make negative were recomputed


def _members(groups: Array, n_groups: int) -> Any:
    """Return the membership matrix (n_groups, samples), whose product with rows sums them by group."""
    n = groups.shape[1]
    ones = np.ones(groups.size, np.float32)
    return csr_array((ones, (groups.ravel(), np.tile(np.arange(n), len(groups)))), shape=(n_groups, n))
