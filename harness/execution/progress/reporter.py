"""The progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from ...core.plan import Plan
from ..time_left import Estimate, duration, time_left
from .messages import failure, say

if TYPE_CHECKING:
    from ...core.events import Progress


class Reporter(Protocol):
    """Is told how a run gets on."""

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is; may be called in any thread."""


@contextmanager
def reporter(plan: Plan, estimate: Estimate) -> Iterator[Reporter]:
    """Show progress on the error stream: bars on a terminal, else a line per fit."""
    title = f"{plan.dataset.name}, {plan.protocol}: {len(plan.cells):,} cells"
    if not sys.stderr.isatty():
        yield Lines(title, len(plan.stages), estimate)
        return
    from .bars import Bars

    with Bars(title, plan.stages.values(), estimate, stderr=True) as bars:
        yield bars


class Lines:
    """A line for each fit, and one now and then for a long one."""

    EVERY = 10.0  # seconds

    def __init__(self, title: str, total: int, estimate: Estimate) -> None:
        self.started = self.spoken = time.monotonic()
        self.done, self.total, self.estimate = 0, total, estimate
        self.lock = Lock()  # stages that run at a time tell of themselves in threads of their own
        say(title)

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""
        record, text = progress.record, failure(progress)
        with self.lock:
            self.done = progress.done
            self.estimate.ended(progress)
            if record is None or progress.reused or (progress.stage.kind == "score" and not text):
                return
            self._say(text or f"{progress.stage.label}: {record.status}, {record.seconds:.2f} s")

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is; may be called in any thread."""
        with self.lock:
            if time.monotonic() - self.spoken >= self.EVERY:
                self._say(f"{note} ({f'{done} of {total}' if total else done})")

    def _say(self, text: str) -> None:
        self.spoken = time.monotonic()
        left = time_left(self.estimate.left()) if self.done < self.total else ""
        facts = [f"{self.done}/{self.total}", duration(self.spoken - self.started), *([left] if left else [])]
        say(f"[{', '.join(facts)}] {text}")
