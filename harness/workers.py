"""Where stages run: in child processes, several at a time, each with one framework at most."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from contextvars import copy_context
from dataclasses import replace
from threading import Lock
from typing import Any, TypeVar

from .frameworks import at_import, frameworks
from .limits import Limits
from .registry import Plugin
from .store import Record
from .supervise import unfinished
from .task import Task
from .worker import Unsendable, Worker, WorkerDied

T = TypeVar("T")


def cores() -> int:
    """Return how many processors this process may use.

    Examples
    --------
    >>> cores() >= 1
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Workers(Executor):
    """Runs stages in child processes, which are started when they are needed, reused, and ended together.

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
        self.slots = jobs + 1  # one more stage waits, so that no process ever does
        self._pool = ThreadPoolExecutor(jobs)  # a thread waits for each process
        self._threads = threads
        self._jobs = jobs
        self._accelerator = Lock()  # one stage at a time has its memory
        self._idle: defaultdict[str, list[Worker]] = defaultdict(list)
        self._busy: list[Worker] = []
        self._lock = Lock()
        self._ended = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a stage; the future of one whose process died holds a record that says so."""
        return self._pool.submit(copy_context().run, self._run, fn, *args, **kwargs)

    def _run(self, fn: Callable[[Task], Record], task: Task) -> Record:
        on_accelerator = task.stage.params.get("device", "cpu") not in (None, "cpu")
        with self._accelerator if on_accelerator else nullcontext():
            return self._watched(fn, task)

    def _watched(self, fn: Callable[[Task], Record], task: Task) -> Record:
        stage = task.stage
        limits = self.limits.of(stage.kind)
        started = time.monotonic()
        output = ""
        try:
            with self._worker(frameworks(stage.plugin)) as worker:
                try:
                    record = worker.call(fn, task, **limits)
                finally:
                    output = worker.output.text
        except WorkerDied as error:
            record = unfinished(stage, error.status, str(error), time.monotonic() - started)
        except Unsendable as error:
            problem = f"{stage.plugin.name} and its parameters cannot be sent to a worker: {error}"
            record = unfinished(stage, "failed", problem)
        return replace(record, limits=limits, output=output)

    def load(self, plugin: Plugin, function: Callable[..., T], *args: Any) -> T:
        """Call what loads a plugin: in its framework's process where loading it would load a framework."""
        name = at_import(plugin)
        return self.ask(name, function, *args) if name else function(*args)

    def ask(self, name: str, function: Callable[..., T], *args: Any) -> T:
        """Call a function in a process where no other framework than this one is loaded."""
        with self._worker(name) as worker:
            return worker.call(function, *args)

    @contextmanager
    def _worker(self, name: str) -> Iterator[Worker]:
        """Lend an idle process of a framework, or a new one; one that is out of step is not kept."""
        worker = self._take(name)
        try:
            yield worker
        except WorkerDied:
            if self._ended:  # it was ended from here: that is no crash
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
            while idle and not idle[-1].usable:  # it died while nobody looked
                idle.pop().stop()
            if not idle:
                self._make_room()
            worker = idle.pop() if idle else Worker(self._threads)
            self._busy.append(worker)
            return worker

    def _make_room(self) -> None:
        """End the process that has been idle longest, of any framework, where there are many."""
        idle = [each for each in self._idle.values() if each]
        if len(self._busy) + sum(map(len, idle)) > 2 * self._jobs and idle:
            max(idle, key=len).pop(0).stop()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes, in the midst of their work if need be."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._ended = True
            workers = [*self._busy, *(each for idle in self._idle.values() for each in idle)]
        for worker in workers:
            worker.stop()
        self._pool.shutdown(wait=True)
        self._idle.clear()
