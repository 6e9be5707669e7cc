"""Open the requested executor: processes on this machine, or workers of a Dask scheduler."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..core.executor import StageExecutor
from ..core.limits import Limits


@contextmanager
def open_executor(
    jobs: int, threads: int, limits: Limits, dask: str | None = None
) -> Iterator[StageExecutor]:
    """Yield an executor, and shut it down afterwards.

    Parameters
    ----------
    jobs, threads : int
        Number of stages at a time, and threads of each.
    limits : Limits
    dask : str, optional
        Address of a scheduler whose workers run the stages; or ``local``, for workers on this machine.

    Raises
    ------
    HarnessError
        If the scheduler does not respond or has no workers, or they lack the harness.
    """
    from .pool import Workers

    with Workers(jobs, threads, limits) as workers:
        if dask is None:
            yield workers
            return
        from .dask.executor import DaskExecutor

        with DaskExecutor(dask, workers) as executor:
            yield executor
