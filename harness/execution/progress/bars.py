"""Progress bars on a terminal."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, RLock, Thread
from typing import TYPE_CHECKING, Any

from ...core.choices import STAGE_KINDS
from ...core.plan import Stage
from ..expected_times import duration
from ..time_left import Estimate, time_left
from .messages import failure
from .step_rates import StepRates

if TYPE_CHECKING:
    from rich.console import Console, Group
    from rich.progress import TaskID

    from ...core.events import Progress


def _console(lock: Any, **options: Any) -> Console:
    """Make a console to which one thread writes at a time, under the lock of what it shows.

    With one lock for both, no thread waits for one lock while holding the other: neither the thread that
    draws, nor the Ctrl-C handler, which may print at any moment.
    """
    from rich.console import Console

    class Locked(Console):
        def __enter__(self) -> Console:
            lock.acquire()
            return super().__enter__()

        def __exit__(self, *error: Any) -> None:
            try:
                super().__exit__(*error)
            finally:
                lock.release()

    return Locked(**options)


class Bars:
    """A bar per kind of stage and, below, progress reports of long fits.

    Parameters
    ----------
    title : str
    stages : iterable of Stage
    estimate : Estimate
    **options
        Of the console.
    """

    RATE = 8  # redraws per second

    def __init__(self, title: str, stages: Iterable[Stage], estimate: Estimate, **options: Any) -> None:
        from rich.live import Live
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Rows
        from rich.table import Column

        stages = list(stages)
        self.title, self.estimate = title, estimate
        self.lock = RLock()  # parallel stages report from their own threads
        self.console = _console(self.lock, **options)
        self.started = time.monotonic()
        self.labels = {stage.label for stage in stages}  # of those that have not ended
        self.reused, self.failed = Counter[str](), 0
        count = MofNCompleteColumn(table_column=Column(justify="right"))
        note = TextColumn("{task.fields[note]}", style="dim")
        self.bars = Rows("{task.description:7}", BarColumn(30), count, note)
        totals = Counter(str(stage.kind) for stage in stages)
        self.kinds = {
            kind: self.bars.add_task(kind, total=totals[kind], note="")
            for kind in STAGE_KINDS
            if totals[kind]
        }
        words = TextColumn("{task.description}", markup=False, table_column=Column(ratio=1, no_wrap=True))
        self.long = Rows(words, BarColumn(16), count, note, expand=True)
        self.rates = StepRates()
        self.fits: dict[str, TaskID] = {}  # reports of long fits, by label of the stage
        self.live = Live(console=self.console, get_renderable=self.frame, auto_refresh=False)
        self.stopped = Event()
        self.clock = Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Bars:
        with self.console:
            self.live.start()
        self.clock.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.clock.join()
        with self.console:
            self.live.stop()

    def _draw(self) -> None:
        while not self.stopped.wait(1 / self.RATE):
            with self.console:
                self.live.refresh()

    def stage(self, progress: Progress) -> None:
        """Record a finished stage."""
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
        """Record the progress of a stage; callable from any thread."""
        with self.lock:
            label = self._label(note)
            if not label:  # already finished
                return
            if label not in self.fits:
                self.fits[label] = self.long.add_task(note, total=total or None, note="")
            left = self.rates.left(note, done, total, time.monotonic())
            steps: dict[str, Any] = {"completed": done, "total": total or None}
            self.long.update(self.fits[label], description=f"  {note}", note=left, **steps)

    def _label(self, note: str) -> str:
        """Return the stage at the beginning of a note; labels may contain colons."""
        parts = note.split(": ")
        labels = (": ".join(parts[:length]) for length in range(len(parts), 0, -1))
        return next((label for label in labels if label in self.labels), "")

    def frame(self) -> Group:
        """Draw the current state."""
        from rich.console import Group
        from rich.constrain import Constrain
        from rich.text import Text

        with self.lock:
            for kind, task in self.kinds.items():
                self.bars.update(task, note=self._note(kind))
            ended = all(task.finished for task in self.bars.tasks)
            left = "" if ended else time_left(self.estimate.left())
            facts = [duration(time.monotonic() - self.started), *([left] if left else [])]
            head = Text.assemble((self.title, "bold"), "  ", (", ".join(facts), "dim"))
            if self.failed:
                head.append(f"  {self.failed:,} failed", style="red")
            fits = Constrain(
                self.long, self.console.width - 4
            )  # so that ^C on a terminal does not wrap a line
            return Group(head, self.bars, fits)

    def _note(self, kind: str) -> str:
        task: Any = self.bars.tasks[list(self.kinds).index(kind)]
        reused = f"{self.reused[kind]:,} reused" if self.reused[kind] else ""
        left = self.estimate.left(kind) if self.estimate.of(kind) else None  # reused stages take no time
        state = "done" if task.finished else time_left(left).removeprefix("about ")
        return ", ".join(text for text in (state, reused) if text)


@contextmanager
def bar_below_lines() -> Iterator[tuple[Callable[[str], None], Callable[[str, float], None]]]:
    """Show lines above one bar, on a terminal.

    It is drawn by the thread that reports, so no other one holds a lock that a Ctrl-C handler waits for.

    Yields
    ------
    say : callable
        Prints a line above the bar.
    show : callable
        Given a text and a share from 0 to 1, sets the bar and the text beside it.
    """
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Rows

    console = Console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    with Rows(BarColumn(20), text, console=console, transient=True, auto_refresh=False) as rows:
        task, drawn = rows.add_task("", total=1.0), 0.0

        def show(text: str, share: float) -> None:
            nonlocal drawn
            now = time.monotonic()
            due = now - drawn > 1 / Bars.RATE
            drawn = now if due else drawn
            rows.update(task, description=text, completed=share, refresh=due)

        yield lambda line: console.print(line, markup=False, highlight=False, soft_wrap=True), show
