"""The progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import click

from ..estimate import KINDS, Estimate
from ..plan import Plan, Stage
from .console import duration

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.progress import TaskID

    from ..run import Progress


class Reporter(Protocol):
    """Is told how a run gets on."""

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is; may be called in any thread."""


def failure(progress: Progress) -> str:
    """Return a line on a stage that did not end well, or nothing."""
    record = progress.record
    if record is None or record.status in ("ok", "not-applicable"):
        return ""
    place = f" ({record.place})" if record.place else ""
    return f"{record.status}: {progress.stage.label}: {record.error}{place}"


@contextmanager
def reporter(plan: Plan, estimate: Estimate) -> Iterator[Reporter]:
    """Show progress on the error stream: bars on a terminal, else a line per fit."""
    title = f"{plan.dataset.name}, {plan.protocol}: {len(plan.cells):,} cells"
    if not sys.stderr.isatty():
        yield Lines(title, len(plan.stages), estimate)
        return
    from rich.console import Console

    with Bars(title, plan.stages.values(), estimate, Console(stderr=True)) as bars:
        yield bars


def _left(seconds: float | None) -> str:
    """Say how long it takes yet, or nothing where that is unknown."""
    if seconds is None:
        return ""
    return f"about {duration(seconds)} left" if seconds >= 1 else "under 1 s left"


class Lines:
    """A line for each fit, and one now and then for a long one."""

    EVERY = 10.0  # seconds

    def __init__(self, title: str, total: int, estimate: Estimate) -> None:
        self.started = self.spoken = time.monotonic()
        self.done, self.total, self.estimate = 0, total, estimate
        self.lock = Lock()  # stages that run at a time tell of themselves in threads of their own
        click.echo(title, err=True)

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
        left = _left(self.estimate.left()) if self.done < self.total else ""
        facts = [f"{self.done}/{self.total}", duration(self.spoken - self.started), *([left] if left else [])]
        click.echo(f"[{', '.join(facts)}] {text}", err=True)


class Bars:
    """A bar for each kind of stage, and below them what long fits say of themselves."""

    def __init__(self, title: str, stages: Iterable[Stage], estimate: Estimate, console: Console) -> None:
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Rows
        from rich.table import Column

        stages = list(stages)
        self.title, self.estimate, self.console = title, estimate, console
        self.started = time.monotonic()
        self.labels = {stage.label for stage in stages}  # of those that have not ended
        self.reused, self.failed = Counter[str](), 0
        count = MofNCompleteColumn(table_column=Column(justify="right"))
        note = TextColumn("{task.fields[note]}", style="dim")
        self.bars = Rows("{task.description:7}", BarColumn(30), count, note)
        totals = Counter(str(stage.kind) for stage in stages)
        self.kinds = {
            kind: self.bars.add_task(kind, total=totals[kind], note="") for kind in KINDS if totals[kind]
        }
        words = TextColumn("{task.description}", markup=False, table_column=Column(ratio=1, no_wrap=True))
        self.long = Rows(words, BarColumn(16), count, expand=True)
        self.fits: dict[str, TaskID] = {}  # long ones, by the label of the stage
        # Stages that run at a time tell of themselves in threads of their own. Whoever holds the lock must
        # not print, as the thread that draws asks for it while it keeps others from printing.
        self.lock = Lock()
        self.live = Live(console=console, get_renderable=self.frame, refresh_per_second=8)

    def __enter__(self) -> Bars:
        self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.live.stop()

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""
        text, stage = failure(progress), progress.stage
        with self.lock:
            self.estimate.ended(progress)
            self.reused[stage.kind] += progress.reused
            self.failed += bool(text)
            self.bars.advance(self.kinds[stage.kind])
            self.labels.discard(stage.label)
            fit = self.fits.pop(stage.label, None)
            if fit is not None:
                self.long.remove_task(fit)
        if text:
            self.console.print(text, style="red", markup=False, highlight=False)

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is; may be called in any thread."""
        with self.lock:
            label = self._label(note)
            if not label:  # it has ended
                return
            if label not in self.fits:
                self.fits[label] = self.long.add_task(note, total=total or None)
            self.long.update(self.fits[label], completed=done, total=total or None, description=f"  {note}")

    def _label(self, note: str) -> str:
        """Return the stage that a note begins with; a label may hold colons of its own."""
        parts = note.split(": ")
        labels = (": ".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((label for label in labels if label in self.labels), "")

    def frame(self) -> Group:
        """Draw what is known now."""
        from rich.console import Group
        from rich.text import Text

        with self.lock:
            for kind, task in self.kinds.items():
                self.bars.update(task, note=self._note(kind))
            ended = all(task.finished for task in self.bars.tasks)
            left = "" if ended else _left(self.estimate.left())
            facts = [duration(time.monotonic() - self.started), *([left] if left else [])]
            head = Text.assemble((self.title, "bold"), "  ", (", ".join(facts), "dim"))
            if self.failed:
                head.append(f"  {self.failed:,} failed", style="red")
            return Group(head, self.bars, self.long)

    def _note(self, kind: str) -> str:
        task: Any = self.bars.tasks[list(self.kinds).index(kind)]
        reused = f"{self.reused[kind]:,} reused" if self.reused[kind] else ""
        left = self.estimate.left(kind) if self.estimate.of(kind) else None  # what is reused takes no time
        state = "done" if task.finished else _left(left).removeprefix("about ")
        return ", ".join(text for text in (state, reused) if text)
