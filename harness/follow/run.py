"""Running a plan while the screen, the file of events and plugins follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from ..estimate import Estimate
from ..forecast import forecast
from ..plan import Plan
from ..progress import listening
from ..run import Outcome, Progress, run
from ..store import Store
from .followers import Followers
from .reporter import reporter

if TYPE_CHECKING:
    from ..machines import Machines
    from ..workers import Workers

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
        As of `harness.run.run`.
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
