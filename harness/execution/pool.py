"""Pool of worker processes, with at most one framework per process."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar

from ..core.errors import HarnessError, StoreError, Unavailable, error_line, one_line
from ..core.executor import StageExecutor
from ..core.limits import Limits
from ..core.plan import Stage
from ..core.plugin import Plugin
from ..core.record import Record
from ..core.threads import cores
from ..registry import devices
from ..registry.frameworks import frameworks, home
from ..registry.repeated_fits import Trial
from .attempt import unfinished
from .crash_traceback import innermost
from .task import Task
from .worker import Packed, Unsendable, Worker, WorkerDied, pack
from .worker_main import ready

T = TypeVar("T")
TRIAL = 30.0  # time limit in seconds for trial fits
HANDOVER = 0.0005  # seconds after which a thread lets another run


_usual = sys.getswitchinterval()
_counting = Lock()
_users = 0


def _hand_over(change: int) -> None:
    """Shorten the thread switch interval while there are workers, whose threads only relay messages."""
    global _users  # noqa: PLW0603
    with _counting:
        _users += change
        sys.setswitchinterval(min(HANDOVER, _usual) if _users else _usual)


def budget(jobs: int | None, threads: int, available: int | None = None) -> tuple[int, int]:
    """Return the number of parallel stages and threads per stage: in total at most one per core.

    Parameters
    ----------
    jobs : int, optional
        Requested number (default: as many as fit).
    threads : int
    available : int, optional
        Cores; by default those of this process.

    Examples
    --------
    >>> budget(None, 1, available=8), budget(None, 4, available=8), budget(16, 3, available=8)
    ((8, 1), (2, 4), (2, 3))
    >>> budget(None, 16, available=8)
    (1, 8)
    """
    available = available or cores()
    threads = min(threads, available)
    most = available // threads
    return min(jobs or most, most), threads


class Workers(StageExecutor):
    """Run stages in child processes, which are started on demand, reused, and stopped together.

    Parameters
    ----------
    jobs : int
        How many stages run at a time.
    threads : int
        How many threads the numeric libraries of each may use. One by default: sums are then always taken
        in the same order, so that results are the same whatever runs beside, and on any number of cores.
    limits : Limits, optional
        How long each stage may take, and how much memory it may use.
    """

    def __init__(self, jobs: int = 1, threads: int = 1, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.slots = jobs + 1  # one more stage queued, so that no process idles
        self._pool = ThreadPoolExecutor(jobs)  # one waiting thread per process
        self.threads = threads
        self.jobs = jobs
        self._accelerator = Lock()  # one stage at a time has its memory
        self._idle: defaultdict[str, list[Worker]] = defaultdict(list)
        self._busy: list[Worker] = []
        self._lock = Lock()
        self._ended = False
        _hand_over(1)

    def submit(self, function: Callable[..., Any], task: Any, /) -> Future[Any]:
        """Run a stage; if its process dies, the future's record says so."""
        return self._pool.submit(copy_context().run, self._packed, function, task)

    def _packed(self, fn: Callable[[Task], Record], task: Task) -> Record:
        try:
            work = pack(fn, task)
        except Unsendable as error:
            return unsendable(task.stage, error)
        return self.supervise(task.stage, work, self.limits)

    def supervise(self, stage: Stage, work: Packed, limits: Limits) -> Record:
        """Run the packed work of a stage in a process, and return its record.

        Raises
        ------
        StoreError
            If the store fails, since then no stage can be stored.
        """
        with self._accelerator if stage.accelerated else nullcontext():
            return self._watched(stage, work, limits.of(stage.kind))

    def _watched(self, stage: Stage, work: Packed, limits: dict[str, float]) -> Record:
        output, started = "", time.monotonic()
        try:
            with self._worker(frameworks(stage.plugin)) as worker:
                if "seconds" in limits:  # starting a process is not part of a stage's time
                    worker.call(ready)
                    started = time.monotonic()
                try:
                    record: Record = worker.do(work, **limits)
                finally:
                    output = worker.output.text
        except WorkerDied as error:
            record = unfinished(stage, error.status, str(error), time.monotonic() - started)
            record = replace(record, traceback=error.traceback, place=innermost(error.traceback))
        except StoreError:
            raise
        except FileNotFoundError as error:  # the plugin's own file
            record = unfinished(stage, "unavailable", one_line(error))
        except OSError as error:  # no process could be started
            record = unfinished(stage, "crashed", error_line(error))
        except HarnessError as error:
            status = "unavailable" if isinstance(error, Unavailable) else "failed"
            record = unfinished(stage, status, one_line(error), time.monotonic() - started)
            record = replace(record, traceback=error.traceback)
        return replace(record, limits=limits, output=output)

    def warm(self) -> None:
        """Start a process that will be needed soon."""
        self._pool.submit(self.ask, "", ready)

    def load(self, plugin: Plugin, function: Callable[..., T], *args: Any) -> T:
        """Call a function that loads a plugin, in its framework's process if loading may load a framework."""
        name = home(plugin)
        return function(*args) if name is None else self.ask(name, function, *args)

    def ask(self, name: str, function: Callable[..., T], *args: Any) -> T:
        """Call a function in a process with no framework but this one."""
        with self._worker(name) as worker:
            return worker.call(function, *args)

    def trial(self, plugin: Plugin, function: Callable[..., T], *args: Any) -> T | Trial:
        """Fit a plugin like a stage: in a separate process, for at most half a minute."""
        limits = self.limits.of("encode" if plugin.kind == "encoder" else "cluster")
        limits["seconds"] = min(limits.get("seconds", TRIAL), TRIAL)
        try:
            with self._worker(frameworks(plugin)) as worker:
                worker.call(ready)
                return worker.call(function, *args, **limits)
        except Unsendable as error:
            return Trial(False, str(error))
        except (HarnessError, OSError) as error:  # it died, or its file is missing
            return Trial(False, f"a fit ended: {one_line(error)}")

    def accelerator(self) -> str:
        """Return the kind of accelerator that this machine may have."""
        return devices.accelerator()

    @contextmanager
    def _worker(self, name: str) -> Iterator[Worker]:
        """Lend an idle process of a framework, or a new one; a process in an unknown state is discarded."""
        worker = self._take(name)
        try:
            yield worker
        except WorkerDied:
            if self._ended:  # stopped from here, not crashed
                raise CancelledError from None
            raise
        finally:
            with self._lock:
                self._busy.remove(worker)
                keep = worker.usable and not self._ended
                if keep:
                    self._idle[name].append(worker)
            if not keep:
                worker.stop()

    def _take(self, name: str) -> Worker:
        with self._lock:
            if self._ended:
                raise CancelledError
            idle = self._idle[name]
            while idle and not idle[-1].usable:  # it died while idle
                idle.pop().stop()
            if not idle:
                self._make_room()
            worker = idle.pop() if idle else Worker(self.threads)
            self._busy.append(worker)
            return worker

    def _make_room(self) -> None:
        """Stop the process that has been idle longest, of any framework, if there are many."""
        idle = [each for each in self._idle.values() if each]
        if len(self._busy) + sum(map(len, idle)) > 2 * self.jobs and idle:
            max(idle, key=len).pop(0).stop()

    def shutdown(self) -> None:
        """Stop all processes, even during work."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            already, self._ended = self._ended, True
            workers = [*self._busy, *(each for idle in self._idle.values() for each in idle)]
        for worker in workers:
            worker.stop()
        self._pool.shutdown(wait=True)
        self._idle.clear()
        if not already:
            _hand_over(-1)


def unsendable(stage: Stage, error: Unsendable) -> Record:
    """Return the record of a stage that cannot be sent to a worker."""
    problem = f"{stage.plugin.name} and its parameters cannot be sent to a worker: {error}"
    return unfinished(stage, "failed", problem)
