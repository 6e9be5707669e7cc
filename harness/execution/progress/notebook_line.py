"""Progress of a run as one line in the output of a notebook's cell."""

from __future__ import annotations

import html
import time
from collections.abc import Iterable
from contextvars import copy_context
from importlib import import_module
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from ...core.counts import counted
from ...core.plan import Stage
from ..expected_times import duration
from ..time_left import Estimate, time_left
from .messages import failure
from .progress_lines import Lines

if TYPE_CHECKING:
    from ...core.events import Progress

# Colours are those of the text around it, so that it suits light and dark notebooks.
BAR = (
    '<span style="display:inline-block;width:8em;height:.6em;margin-right:.8em;border:1px solid currentColor;'
    'border-radius:.3em;opacity:.65"><span style="display:block;width:{share:.0%};height:100%;'
    'background:currentColor"></span></span>'
)
FAILURE = '<div style="margin-left:1em">✗ {}</div>'


class NotebookLine(Lines):
    """A line that is replaced as the run goes on, and below it what failed.

    Parameters
    ----------
    title : str
    todo : iterable of Stage
        Those that are expected to be computed.
    estimate : Estimate
    """

    EVERY = 0.0  # what a long fit reports is shown when the line is next drawn
    RATE = 2.0  # times a second that it is drawn
    SHOWN = 5  # failures

    def __init__(self, title: str, todo: Iterable[Stage], estimate: Estimate) -> None:
        self.title, self.text, self.failures, self.reused = title, "", list[str](), 0
        self.name, self.there, self.last = uuid4().hex, False, ""
        self.stopped = Event()
        self.clock = Thread(target=copy_context().run, args=(self._keep_drawing,), daemon=True)
        super().__init__(title, todo, estimate)

    def __enter__(self) -> NotebookLine:
        self._draw()
        self.clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.clock.join()
        self._draw()

    def _keep_drawing(self) -> None:
        while not self.stopped.wait(1 / self.RATE):
            self._draw()

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""
        super().stage(progress)
        text = failure(progress)
        with self.lock:
            self.reused += progress.reused and progress.stage.kind != "score"
            self.failures += [text] if text else []

    def _open(self, title: str) -> None:
        """Show nothing yet: the first line is drawn once it is entered."""

    def _say(self, text: str) -> None:
        self.text = text

    def _draw(self) -> None:
        display: Any = import_module("IPython.display").display

        with self.lock:
            plain, shown = self._plain(), self._html()
        if plain != self.last:
            self.last = plain
            content: Any = {"text/plain": plain, "text/html": shown}
            display(content, raw=True, display_id=self.name, update=self.there)
            self.there = True

    @property
    def _facts(self) -> list[str]:
        took = duration(time.monotonic() - self.started)
        reused = (
            [f"{self.reused:,} of {counted(self.lines + self.reused, 'fit')} reused"] if self.reused else []
        )
        failed = [f"{len(self.failures):,} failed"] if self.failures else []
        if self.ended or self.stopped.is_set():
            return ["done" if self.ended else "stopped", took, *reused, *failed]
        left = time_left(self.estimate.left())
        total = self.lines + len(self.expected)
        return [
            f"{self.lines:,} of {counted(total, 'fit')}",
            took,
            *([left] if left else []),
            *reused,
            *failed,
        ]

    def _plain(self) -> str:
        failed = [f"  {text}" for text in self.failures[: self.SHOWN]]
        more = len(self.failures) - self.SHOWN
        return "\n".join(
            [", ".join([self.title, *self._facts]), *failed, *([f"  {more:,} more"] if more > 0 else [])]
        )

    def _html(self) -> str:
        head, *failed = map(html.escape, self._plain().splitlines())
        total = self.lines + len(self.expected)
        running = not (self.ended or self.stopped.is_set())
        bar = BAR.format(share=self.lines / total if total else 0) if running else ""
        text = f' <span style="opacity:.65">{html.escape(self.text)}</span>' if running and self.text else ""
        return f"<div>{bar}{head}{text}{''.join(FAILURE.format(each.strip()) for each in failed)}</div>"
