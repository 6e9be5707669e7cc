"""Print tables and downloads: in colour on a terminal, in plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from textwrap import fill
from threading import Timer
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import TaskID

EVERY = 2.0  # seconds between lines of progress
SLOW = 5.0  # seconds after which the plugin that is being imported is named


def table(
    headers: Sequence[str], rows: Sequence[Sequence[str]], title: str = "", wraps: Collection[str] = ()
) -> None:
    """Print a table; without a terminal every line is written whole, however long.

    A cell that starts and ends with `**` is shown in bold. If `wraps` names columns, no other ones wrap.
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
        grid.add_column(header, overflow="fold", no_wrap=bool(wraps) and header not in wraps)
    for row in rows:
        grid.add_row(
            *(Text(cell.strip("*"), style="bold green" if cell.startswith("**") else "") for cell in row)
        )
    Console().print(grid)


def note(text: str) -> None:
    """Print a line of prose, on a terminal with its lines broken between words."""
    click.echo(fill(text, shutil.get_terminal_size().columns) if sys.stdout.isatty() else text)


def confirmed(question: str, yes: bool) -> bool:
    """Ask once in a terminal, unless ``--yes`` was given; without a terminal nothing is asked."""
    if yes or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return click.confirm(question)


def megabytes(n_bytes: int) -> str:
    """Write a number of bytes.

    Examples
    --------
    >>> megabytes(3 * 2**20)
    '3.0 MiB'
    """
    return f"{n_bytes / 2**20:,.1f} MiB"


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


def downloading(dataset: str) -> AbstractContextManager[Callable[[str, int, int], None] | None]:
    """Show the progress of reading a dataset, if it is of OpenML."""
    return download_reporter() if dataset.startswith("openml:") else nullcontext()


@contextmanager
def progress_line() -> Iterator[Callable[[str, int, int], None]]:
    """Show on the error stream what is being done, and how far: a bar on a terminal, else lines."""
    if not sys.stderr.isatty():
        last: dict[str, float] = {}

        def line(what: str, done: int, total: int) -> None:
            now = time.monotonic()
            if now - last.setdefault(what, now) >= EVERY:
                last[what] = now
                click.echo(f"[{done:,}/{total:,}] {what}", err=True)

        yield line
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def slow_import(origin: str) -> AbstractContextManager[None]:
    """Print on a terminal which plugin is being imported, once that takes long."""
    return _said_if_slow(f"Importing plugins from {origin} ...")


def slow_trial(title: str) -> AbstractContextManager[None]:
    """Print on a terminal which plugin is fitted on trial, once that takes long."""
    return _said_if_slow(f"{title}: no seed can be set; fitting it twice to see whether it repeats ...")


@contextmanager
def _said_if_slow(text: str) -> Iterator[None]:
    timer = Timer(SLOW, click.echo, [text], {"err": True})
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
