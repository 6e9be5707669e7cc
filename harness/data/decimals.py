"""Decimal fractions of few digits: as float32 they are rounded, but stay distinct."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.threads import cores

BLOCK = 2**14  # values per block, so that they and their copies stay in the cache
_PART = 2**17  # values per block where its copies are kept, so that threads seldom wait for one another
_STEPS = 2.0**23  # steps from 0 that float32 can distinguish
Blocks = Callable[[int, int, int], Iterator[NDArray[Any]]]  # of rows: start, stop, rows per block


def all_decimal(blocks: Blocks, out: NDArray[np.float32]) -> bool:
    """Return whether all values are multiples of one scale, few steps from 0; fill `out` meanwhile.

    That is the usual table, so it is looked for with all cores and without new memory for each block.
    """
    n, width = out.shape
    scale = decimal_scale(next(blocks(0, n, max(BLOCK // width, 1))))
    size = max(_PART // width, 1)

    def look(start: int, stop: int) -> bool:
        steps, differs = np.empty((size, width)), np.empty((size, width), dtype=bool)
        for first, block in zip(range(start, stop, size), blocks(start, stop, size), strict=True):
            found, unlike = steps[: len(block)], differs[: len(block)]
            with np.errstate(over="ignore", invalid="ignore"):
                out[first : first + len(block)] = block
                np.rint(np.multiply(block, scale, out=found), out=found)
                few = max(found.max(), -found.min()) < _STEPS
                np.not_equal(np.divide(found, scale, out=found), block, out=unlike)
                if not few or unlike.any():
                    return False
        return True

    ends = np.linspace(0, n, cores() + 1).astype(int).tolist()
    with ThreadPoolExecutor(cores()) as pool:
        return all(pool.map(lambda part: look(*part), pairwise(ends)))


def decimal_scale(block: NDArray[Any]) -> float:
    """Return the power of 10 that makes most columns whole numbers, the smallest if tied."""
    scales = [10.0**digits for digits in range(8)]
    return max(scales, key=lambda scale: (is_decimal(block, scale).sum(), -scale))


def is_decimal(block: NDArray[Any], scale: float) -> NDArray[np.bool_]:
    """Return which columns hold only multiples of 1/scale, few enough steps from 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        steps = np.rint(block * scale)
        same: NDArray[np.bool_] = (steps / scale == block).all(axis=0) & (np.abs(steps).max(axis=0) < _STEPS)
    return same
