"""The expected cost of a stage, and how fast this machine is."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

REFERENCE = 2.0**36  # operations per second of the machine for which budgets are stated
SIZE, WIDTH = 512, 64  # of the tile that is timed: it stays in the cache of a core
PASS = 40  # multiply-adds that take as long as one pass over a value
PASSES = 6  # of the timed tile
SECONDS, REPEATS = 0.05, 5  # for which it is timed, at least


class Cost(NamedTuple):
    """What a stage is expected to need, told by a hook `costs()` from the shape of its input.

    Attributes
    ----------
    operations : float
        Multiply-adds of a matrix product, on one thread. An element-wise step on one value, such as a
        square root, takes about as long as 40 of them.
    memory : float
        Most bytes at a time, the input left out; 0 if that is little, or unknown.
    features : int
        Of an encoder: how many features its embedding has. 0 means its `n_components` if that is a number,
        else as many as it gets. The costs of what comes next depend on it.

    Examples
    --------
    >>> Cost(2000**2 * 10, memory=8 * 2000**2).memory / 2**20 < 31
    True
    """

    operations: float
    memory: float = 0.0
    features: int = 0


CostFunction = Callable[[int, int, int, Mapping[str, Any]], Cost]  # of n, d, K and the parameters


@cache
def speed() -> float:
    """Return the operations per second of one thread here, measured once per process in 0.1 s.

    A tile of distances is timed: a matrix product, and passes over its result, as in most plugins. The
    fastest of its repeats counts, since other processes can only slow it down.

    Examples
    --------
    >>> speed() > 1e6
    True
    """
    import numpy as np  # here, since most commands measure nothing
    from threadpoolctl import threadpool_limits

    rows = np.linspace(-1, 1, SIZE * WIDTH, dtype=np.float32).reshape(SIZE, WIDTH)
    norms = np.einsum("ij,ij->i", rows, rows)
    took: list[float] = []
    with threadpool_limits(1, "blas"):
        ends = time.perf_counter() + SECONDS
        while len(took) < REPEATS or time.perf_counter() < ends:
            start = time.perf_counter()
            tile = rows @ rows.T
            tile *= np.float32(-2)
            tile += norms[:, None] + norms
            near = tile < np.float32(0.01)
            np.sqrt(np.abs(tile, out=tile), out=tile)
            tile.sum(axis=0) + near.sum(axis=0)
            took.append(time.perf_counter() - start)
    return SIZE * SIZE * (WIDTH + PASS * PASSES) / min(took)
