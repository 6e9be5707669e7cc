"""Running a plan while the screen, the file of events and plugins follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from ..core.events import Outcome, Progress
from ..core.plan import Plan
from ..core.progress import listening
from ..store.store import Store
from .forecast import forecast
from .progress.observers import Followers
from .progress.reporter import reporter
from .runner import run
from .time_left import Estimate

if TYPE_CHECKING:
    from .dask.executor import Machines
    from .pool import Workers

Told = bool | Callable[[Progress], None]


def run_plan(
    plan: Plan,
    store: Store,
    follow: Followers,
    host: Workers | Machines | None = None,
    *,
    retry: Collection[str] = (),
    stop: Callable[[], bool] = lambda: False,
    progress: Told = True,
) -> Outcome:
    """Run a plan, and tell who wants to know.

    Parameters
    ----------
    plan : Plan
    store : Store
    follow : Followers
    host : Workers or Machines, optional
        Where stages run; by default here, one after the other.
    retry, stop
        As of `harness.execution.runner.run`.
    progress : bool or callable
        Whether to show progress on the error stream; or what is told of each stage that ends.
    """
    follow.started(plan)
    with _teller(plan, store, host, retry, progress) as tell:

        def listen(stage: Progress) -> None:
            tell(stage)
            follow.stage(stage)

        cell = partial(follow.cell, plan)
        outcome = run(plan, store, executor=host, listen=listen, retry=retry, stop=stop, listen_cell=cell)
    follow.finished(plan, outcome, stop())
    return outcome


@contextmanager
def _teller(
    plan: Plan, store: Store, host: Workers | Machines | None, retry: Collection[str], progress: Told
) -> Iterator[Callable[[Progress], None]]:
    """Yield what is told of each stage: what the caller gave, the screen, or nothing."""
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda stage: None
    else:
        expected = forecast(plan, store, retry, host.limits if host else None)
        estimate = Estimate(expected, lambda: host.jobs if host else 1)
        with reporter(plan, estimate) as show, listening(show.pulse):
            yield show.stage
