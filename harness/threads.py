"""How many threads the numeric libraries may use: on little data one thread is the quickest."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache

from threadpoolctl import ThreadpoolController

# Below so many values threads wait for each other longer than they work: on 2 cores the mixtures of K = 2
# to 20 on the 115,008 values of digits take 4.5 s with two threads and 1.0 s with one.
SMALL = 2**20


def threads_for(n_values: int) -> AbstractContextManager[object]:
    """Return a context in which BLAS and OpenMP use one thread, where there are few values.

    Examples
    --------
    >>> with threads_for(1000):
    ...     max(pool["num_threads"] for pool in ThreadpoolController().info())
    1
    """
    return _pools(len(sys.modules)).limit(limits=1) if n_values < SMALL else nullcontext()


@lru_cache(maxsize=1)
def _pools(n_modules: int) -> ThreadpoolController:
    """Find the loaded libraries, again once more modules have been imported: that takes milliseconds."""
    return ThreadpoolController()
