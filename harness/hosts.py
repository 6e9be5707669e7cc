"""Where stages run: in processes of this machine, or on other machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .limits import Limits

if TYPE_CHECKING:
    from .machines import Machines
    from .workers import Workers


@contextmanager
def in_this_process(threads: int) -> Iterator[None]:
    """Bound the threads of the numeric libraries that this process has loaded, as far as they let it."""
    import sklearn  # noqa: F401  # so that the libraries that it brings are among them
    from threadpoolctl import threadpool_limits

    with threadpool_limits(threads):
        yield


@contextmanager
def hosting(jobs: int, threads: int, limits: Limits, dask: str | None = None) -> Iterator[Workers | Machines]:
    """Yield where stages run, and end its processes afterwards.

    Parameters
    ----------
    jobs, threads : int
        Stages at a time, and threads of each.
    limits : Limits
    dask : str, optional
        Address of a scheduler whose workers run the stages; or ``local``, for workers on this machine.
    """
    from .workers import Workers

    with Workers(jobs, threads, limits) as workers:
        if dask is None:
            yield workers
            return
        from .machines import Machines

        with Machines(dask, workers) as machines:
            yield machines
