"""Run a plan with progress on the screen, events and hooks of plugins."""

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
from .progress.messages import say
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
    """Run a plan, and notify all followers.

    Parameters
    ----------
    plan : Plan
    store : Store
    follow : Followers
    executor : StageExecutor, optional
        Runs the stages (default: in this process, one after another).
    retry, stop
        See `harness.execution.runner.run`.
    progress : bool or callable
        Whether to show progress on the error stream; or a function called for each finished stage.
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
    """Yield the function to call for each stage: the caller's, the screen's, or none."""
    if callable(progress):
        yield progress
    elif not progress:
        yield lambda stage: None
    else:
        expected = forecast(plan, store, retry, executor.limits)
        for text in expected.long:
            say(text)
        estimate = Estimate(expected, lambda: executor.jobs)
        with reporter(plan, expected.todo, estimate) as show, listening(show.pulse):
            yield show.stage
