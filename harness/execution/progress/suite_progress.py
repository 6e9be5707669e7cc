"""Progress of a run over the datasets of a suite: a line for each, and the time left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ...core.plan import Plan
from ..time_left import duration, time_left
from .messages import say

if TYPE_CHECKING:
    from ...core.events import Progress

FIXED = 500  # samples that the bookkeeping of a run costs as much time as


class SuiteProgress:
    """A line for each dataset that has been run; its number and the time left are estimates by size.

    Parameters
    ----------
    plans : mapping
        The plans of each dataset.
    say : callable
        Shows a line.
    show : callable
        Shows the current state, which the next one replaces, if there is a place for it.

    Examples
    --------
    >>> progress = SuiteProgress({"iris": []}, print)
    >>> progress.ended("iris", "5 runs")
    [1/1, 0 s] iris: 5 runs
    """

    def __init__(
        self,
        plans: Mapping[str, Sequence[Plan]],
        say: Callable[[str], None] = say,
        show: Callable[[str, float], None] | None = None,
    ) -> None:
        self._plans, self._say, self._show = plans, say, show
        self._started = time.monotonic()
        self._total = sum(_work(plan) for each in plans.values() for plan in each) or 1
        self._done = self._part = 0.0
        self._ended = 0
        self._first: tuple[float, float] | None = None  # time and share when the first stage ended

    def stage(self, name: str, plan: Plan, progress: Progress) -> None:
        """Take note of a stage that has ended."""
        self._part = _work(plan) * progress.done / max(1, progress.total)
        self._first = self._first or (time.monotonic(), self._share)
        if self._show is None:
            return
        where = f"dataset {self._ended + 1:,} of {len(self._plans):,} ({plan.dataset.name})"
        self._show(f"{where}, {', '.join(self._times())}", self._share)

    def plan(self, plan: Plan) -> None:
        """Take note of a plan that has ended."""
        self._done, self._part = self._done + _work(plan), 0.0

    def ended(self, name: str, text: str) -> None:
        """Show the line of a dataset all of whose plans have ended."""
        self._ended += 1
        count = f"{self._ended:,}/{len(self._plans):,}"
        self._say(f"[{', '.join([count, *self._times()])}] {name}: {text}")

    @property
    def _share(self) -> float:
        return (self._done + self._part) / self._total

    def _times(self) -> list[str]:
        now, share = time.monotonic(), self._share
        since, before = self._first or (now, share)  # starting processes is left out of the rate
        known = share > before and self._ended < len(self._plans)
        left = time_left((now - since) * (1 - share) / (share - before)) if known else ""
        return [duration(now - self._started), *([left] if left else [])]


def _work(plan: Plan) -> float:
    return float(len(plan.cells) * (plan.dataset.n_samples + FIXED))


@contextmanager
def suite_progress(plans: Mapping[str, Sequence[Plan]]) -> Iterator[SuiteProgress]:
    """Show the progress of a suite: with a bar below the lines on a terminal, else as lines alone."""
    if not sys.stderr.isatty():
        yield SuiteProgress(plans)
        return
    from .bars import bar_below_lines

    with bar_below_lines() as (say_above, show):
        show("starting", 0.0)  # the first stage waits for a worker to import its libraries
        yield SuiteProgress(plans, say_above, show)
