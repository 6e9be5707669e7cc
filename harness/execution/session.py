"""Running a plan while the screen, the file of events and plugins follow."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from functools import partial

from ..core.events import Outcome, Progress
from ..core.executor import StageExecutor
from ..core.plan import Plan
from ..core.progress import listening
from ..store.store import Store
from .forecast import forecast
from .inline import Inline
from .progress.observers import Followers
from .progress.reporter import reporter
from .runner import run
from .time_left import Estimate

Told = bool | Callable[[Progress], None]


def run_plan(
    plan: Plan,
    store: Store,
    follow: Followers,
    executor: StageExecutor | None = None,
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
    executor : StageExecutor, optional
        Where stages run; by default in this process, one after the other.
    retry, stop
        As of `harness.execution.runner.run`.
    progress : bool or callable
        Whether to show progress on the error stream; or what is told of each stage that ends.
    """
    executor = executor or Inline()
    follow.started(plan)
    with _teller(plan, store, executor, retry, progress) as tell:

        def listen(stage: Progress) -> None:
            tell(stage)
            follow.stage(stage)

        cell = partial(follow.cell, plan)
        outcome = run(plan, store, executor=executor, listen=listen, retry=retry, stop=stop, listen_cell=cell)
    follow.finished(plan, outcome, stop())
    return outcome


@contextmanager
def _teller(
    plan: Plan, store: Store, executor: StageExecutor, retry: Collection[str], progress: Told
) -> Iterator[Callable[[Progress], None]]:
    """Yield what is told of each stage: what the caller gave, the screen, or nothing."""
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda stage: None
    else:
        expected = forecast(plan, store, retry, executor.limits)
        estimate = Estimate(expected, lambda: executor.jobs)
        with reporter(plan, expected.todo, estimate) as show, listening(show.pulse):
            yield show.stage
