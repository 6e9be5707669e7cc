"""The progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from ...core.counts import counted
from ...core.notebook import is_kernel
from ...core.plan import Plan, Stage
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
def reporter(plan: Plan, todo: Iterable[Stage], estimate: Estimate) -> Iterator[Reporter]:
    """Show progress: bars on a terminal, one line in a notebook, else a line per fit on the error stream."""
    noun = "run" if is_kernel() else "cell"  # a notebook has cells of its own
    title = f"{plan.dataset.name}, {plan.protocol}: {counted(len(plan.cells), noun)}"
    if is_kernel():
        from .notebook_line import NotebookLine

        with NotebookLine(title, todo, estimate) as line:
            yield line
        return
    if not sys.stderr.isatty():
        yield Lines(title, todo, estimate)
        return
    from .bars import Bars

    with Bars(title, plan.stages.values(), estimate, stderr=True) as bars:
        yield bars


class Lines:
    """A line for each fit and each failure, with their number, and one now and then for a long one.

    Parameters
    ----------
    title : str
    todo : iterable of Stage
        Those that are expected to be computed. Where others are, or some are not, the number of lines that is
        shown follows.
    estimate : Estimate
    """

    EVERY = 10.0  # seconds

    def __init__(self, title: str, todo: Iterable[Stage], estimate: Estimate) -> None:
        self.started = self.spoken = time.monotonic()
        self.expected = {stage.key: stage for stage in todo if stage.kind != "score"}
        self.lines, self.ended, self.estimate = 0, False, estimate
        self.lock = Lock()  # stages that run at a time tell of themselves in threads of their own
        self._open(title)

    def _open(self, title: str) -> None:
        say(title)

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""
        record, text = progress.record, failure(progress)
        with self.lock:
            self.ended = progress.done == progress.total
            self.estimate.ended(progress)
            self.expected.pop(progress.stage.key, None)
            if progress.stage.kind == "encode" and record is not None and not record.ok:
                self._skip_after({progress.stage.key})
            if record is None or progress.reused or (progress.stage.kind == "score" and not text):
                return
            self.lines += 1
            self._say(text or f"{progress.stage.label}: {record.status}, {record.seconds:.2f} s")

    def _skip_after(self, keys: set[str]) -> None:
        """Expect no more lines of what cannot run after these stages."""
        while keys:
            keys = {key for key, stage in self.expected.items() if not keys.isdisjoint(stage.required)}
            for key in keys:
                del self.expected[key]

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is; may be called in any thread."""
        with self.lock:
            if time.monotonic() - self.spoken >= self.EVERY:
                self._say(f"{note} ({f'{done} of {total}' if total else done})")

    def _say(self, text: str) -> None:
        self.spoken = time.monotonic()
        left = "" if self.ended else time_left(self.estimate.left())
        facts = [
            f"{self.lines:,}/{self.lines + len(self.expected):,}",
            duration(self.spoken - self.started),
            *([left] if left else []),
        ]
        say(f"[{', '.join(facts)}] {text}")
