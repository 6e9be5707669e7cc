"""Where stages run: in processes of this machine, or on other machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..core.limits import Limits

if TYPE_CHECKING:
    from .dask.executor import Machines
    from .pool import Workers


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
    from .pool import Workers

    with Workers(jobs, threads, limits) as workers:
        if dask is None:
            yield workers
            return
        from .dask.executor import Machines

        with Machines(dask, workers) as machines:
            yield machines
