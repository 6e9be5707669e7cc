"""Printing tables and progress: in colour on a terminal, in plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import click

if TYPE_CHECKING:
    from rich.progress import TaskID

    from ..run import Progress


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], title: str = "") -> None:
    """Print a table; without a terminal every line is written whole, however long.

    A cell that starts and ends with `**` is shown in bold.
    """
    if not sys.stdout.isatty():
        from tabulate import tabulate

        if title:
            click.echo(title)
        click.echo(tabulate(rows, headers, tablefmt="simple", disable_numparse=True))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, header_style="bold")
    for header in headers:
        grid.add_column(header, overflow="fold")
    for row in rows:
        grid.add_row(
            *(Text(cell.strip("*"), style="bold green" if cell.startswith("**") else "") for cell in row)
        )
    Console().print(grid)


class Reporter(Protocol):
    """Is told how a run gets on."""

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is."""


def failure(progress: Progress) -> str:
    """Return a line on a stage that did not end well, or nothing."""
    record = progress.record
    if record is None or record.status in ("ok", "not-applicable"):
        return ""
    place = f" ({record.place})" if record.place else ""
    return f"{record.status}: {progress.stage.label}: {record.error}{place}"


@contextmanager
def reporter(title: str, total: int) -> Iterator[Reporter]:
    """Show progress on the error stream: a bar on a terminal, else a line per fit."""
    if sys.stderr.isatty():
        with _Bar(title, total) as bar:
            yield bar
    else:
        yield _Lines(title, total)


class _Lines:
    """A line for each fit, and one now and then for a long one."""

    EVERY = 10.0  # seconds

    def __init__(self, title: str, total: int) -> None:
        self.started = self.spoken = time.monotonic()
        self.done, self.total = 0, total
        click.echo(title, err=True)

    def stage(self, progress: Progress) -> None:
        record, text = progress.record, failure(progress)
        self.done = progress.done
        if record is None or progress.reused or (progress.stage.kind == "score" and not text):
            return
        self._say(text or f"{progress.stage.label}: {record.status}, {record.seconds:.2f} s")

    def pulse(self, done: int, total: int, note: str) -> None:
        if time.monotonic() - self.spoken >= self.EVERY:
            self._say(f"{note} ({_of(done, total)})")

    def _say(self, text: str) -> None:
        self.spoken = time.monotonic()
        elapsed = self.spoken - self.started
        click.echo(f"[{self.done}/{self.total}, {elapsed:.0f} s] {text}", err=True)


class _Bar:
    """A bar over all stages, and below it what a long fit says of itself."""

    def __init__(self, title: str, total: int) -> None:
        from rich.console import Console
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bars

        self.console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=30),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.bars = Bars(*columns, console=self.console)
        self.task = self.bars.add_task(title, total=total)
        self.fits: dict[str, TaskID] = {}  # by the label of the stage
        self.lock = Lock()  # stages that run at a time tell of themselves in threads of their own

    def __enter__(self) -> _Bar:
        self.bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.bars.stop()

    def stage(self, progress: Progress) -> None:
        if failure(progress):
            self.console.print(failure(progress), style="red", markup=False, highlight=False)
        with self.lock:
            fit = self.fits.pop(progress.stage.label, None)
            if fit is not None:
                self.bars.remove_task(fit)
        self.bars.update(self.task, completed=progress.done)

    def pulse(self, done: int, total: int, note: str) -> None:
        label = note.partition(": ")[0]
        with self.lock:
            if label not in self.fits:
                self.fits[label] = self.bars.add_task(note, total=total or None)
            self.bars.update(self.fits[label], completed=done, description=f"  {note}")


def _of(done: int, total: int) -> str:
    return f"{done} of {total}" if total else str(done)


@contextmanager
def download_reporter() -> Iterator[Callable[[str, int, int], None]]:
    """Show the progress of downloads on the error stream: a bar on a terminal, else a line per file."""
    if not sys.stderr.isatty():
        started: set[str] = set()

        def line(name: str, done: int, total: int) -> None:
            if name not in started:
                started.add(name)
                click.echo(
                    f"Downloading {name}{f' ({total / 2**20:.1f} MiB)' if total else ''} ...", err=True
                )

        yield line
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TransferSpeedColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

        def show(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(f"Downloading {name}", total=None)
            bars.update(tasks[name], completed=done, total=total or None)

        yield show
