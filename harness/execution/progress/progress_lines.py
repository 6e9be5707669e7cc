"""Progress of a run as plain lines."""

from __future__ import annotations

import time
from collections.abc import Iterable
from threading import Lock
from typing import TYPE_CHECKING

from ...core.plan import Stage
from ..expected_times import duration
from ..time_left import Estimate, time_left
from .messages import failure, say
from .step_rates import StepRates

if TYPE_CHECKING:
    from ...core.events import Progress


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
        self.rates = StepRates()
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
            left = self.rates.left(note, done, total, now := time.monotonic())
            if now - self.spoken >= self.EVERY:
                steps = f"{done} of {total}" if total else str(done)
                self._say(f"{note} ({steps}{left and f', {left}'})")

    def _say(self, text: str) -> None:
        self.spoken = time.monotonic()
        left = "" if self.ended else time_left(self.estimate.left())
        facts = [
            f"{self.lines:,}/{self.lines + len(self.expected):,}",
            duration(self.spoken - self.started),
            *([left] if left else []),
        ]
        say(f"[{', '.join(facts)}] {text}")
