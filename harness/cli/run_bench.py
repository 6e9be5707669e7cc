"""Run the plans of a call: progress, boards, and the summary at the end."""

from __future__ import annotations

import shlex
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING

import click

from ..core.board import Board
from ..core.cell import CellRecord
from ..core.choices import STAGE_KINDS
from ..core.errors import HarnessError
from ..core.executor import StageExecutor
from ..core.files import write_whole
from ..core.plan import Plan
from ..execution.progress.event_log import events
from ..execution.progress.observers import Followers
from ..leaderboard.build import load_board
from ..leaderboard.selection import select
from ..registry.registry import Registry
from .bench_options import Call
from .board_table import show_board

if TYPE_CHECKING:
    from ..core.events import Outcome
    from ..core.record import Record
    from ..store.store import Store


class Interrupt:
    """Ctrl-C: the first starts no more stages; the second aborts the run."""

    def __init__(self) -> None:
        self.asked = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Handle the signal."""
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        # Not with click, which writes around the progress bars and is overwritten by them.
        print("Stopping after the running stages finish. Press Ctrl-C again to abort them.", file=sys.stderr)


@contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Handle Ctrl-C with an `Interrupt`, in the main thread and unless another handler is set."""
    interrupt = Interrupt()
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler or current_thread() is not main_thread():
        yield interrupt
        return
    signal.signal(signal.SIGINT, interrupt)
    try:
        yield interrupt
    finally:
        signal.signal(signal.SIGINT, before)


def run_plans(call: Call, plans: list[Plan], registry: Registry, executor: StageExecutor) -> int:
    """Run each plan, print and write its board, and return the exit code: 1 when some cell failed."""
    from ..execution.session import run_plan
    from ..leaderboard.formats import to_json
    from ..store.store import Store
    from .failures import tracebacks, unfinished

    writable(call.out)
    store = Store(call.store, call.arrays)
    boards, bad = [], []
    try:
        with interruptible() as interrupt, events(call.events) as told:
            follow = Followers(registry, told)
            for plan in plans:
                for note in plan.notes:
                    click.echo(f"Note: {note}", err=True)
                outcome = run_plan(
                    plan, store, follow, executor, retry=call.retry, stop=lambda: interrupt.asked
                )
                if not interrupt.asked or store.cells(plan.board):
                    boards.append(_finish(call, plan, store, outcome))
                    follow.board(boards[-1])
                bad += [each for each in ended(plan, outcome.records) if each[1] not in fine(call)]
                if call.traceback:
                    for text in tracebacks(plan, outcome.records):
                        click.echo(text, err=True)
                if interrupt.asked:
                    break
    finally:
        store.close()
    if call.as_json:
        click.echo(to_json(*boards), nl=False)
    if call.tour and not interrupt.asked:
        _suggest(boards)
    if interrupt.asked:
        return interrupted()
    if bad:
        click.echo(unfinished(bad, call.store), err=True)
    return 1 if bad else 0


def _suggest(boards: list[Board]) -> None:
    """Suggest the next commands after a tour."""
    click.echo("This was a tour of three encoders and three clusterers. Next, try:", err=True)
    for text, command in (
        ("every pipeline", "harness bench --all"),
        ("your own data", "harness bench -d FILE.csv -e standardize -e pca -c kmeans -c gmm-bic"),
        ("a page of each run", f"harness report {boards[0].name if boards else ''}".rstrip()),
    ):
        click.echo(f"  {text + ':':<20}{command}", err=True)


def interrupted() -> int:
    """Print the command line that continues an interrupted run, and return the exit code."""
    command = shlex.join(["harness", *sys.argv[1:]])
    click.echo(f"Interrupted. Finished stages are kept; continue with: {command}", err=True)
    return 130


def fine(call: Call) -> tuple[str, ...]:
    """Return the statuses that do not count as failures: with --all, plugins may be unavailable."""
    return ("ok", "not-applicable", "unavailable") if call.all else ("ok", "not-applicable")


def ended(plan: Plan, records: Mapping[str, Record]) -> Iterator[tuple[CellRecord, str]]:
    """Yield each cell with its status, except cells not reached before the run was stopped."""
    found = ((cell, cell.status(records)[0]) for cell in plan.cells)
    yield from (each for each in found if each[1] != "unfinished")


def writable(folder: Path) -> None:
    """Raise an error if a folder cannot be written, before anything is computed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):  # a unique name, since another run may be checking too
            pass
    except OSError as error:
        raise HarnessError(
            f"Cannot write folder {str(folder)!r}: {error.strerror}. Name another with --out."
        ) from None


def _finish(call: Call, plan: Plan, store: Store, outcome: Outcome) -> Board:
    """Write all rows the store has for this board to its file, and print the rows of this call."""
    from ..leaderboard.markdown import markdown
    from ..publishing.unpublished import page_path

    name = plan.board
    whole = load_board(store, name)
    asked = {cell.row for cell in plan.cells}
    every = asked.issuperset((row.encoder, row.clusterer, row.k) for row in whole.rows)
    board = whole if every else load_board(store, name, asked)
    path = page_path(call.out, name)
    write_whole(path, markdown(whole), "Computed stages are kept; run the command again.")
    if not call.as_json:
        scored = {metric.name for metric in board.metrics}  # nothing is, if no cell could be run
        asked_for = dict.fromkeys(name for cell in plan.cells for name in cell.scores if name in scored)
        names = list(asked_for) if call.metrics else []
        show_board(select(board, names), chosen=bool(names))
    counts = ", ".join(f"{outcome.computed[kind]} {kind}" for kind in STAGE_KINDS)
    more = f" with {len(whole.rows)} rows, earlier ones included" if len(whole.rows) > len(board.rows) else ""
    click.echo(f"Computed {counts}; reused {sum(outcome.reused.values())}. Wrote {path}{more}.", err=True)
    return board
