"""Child processes that run stages: one for each framework, reused, so that no two frameworks ever meet."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pickle import PicklingError
from threading import Thread
from typing import Any, TypeVar

from .errors import HarnessError
from .frameworks import at_import, frameworks
from .interfaces import Dataset
from .plan import Stage
from .progress import listening, report_progress
from .registry import Plugin
from .store import Record, Store
from .supervise import unfinished

T = TypeVar("T")


class WorkerDied(HarnessError):
    """A worker process ended in the midst of its work."""


class Worker:
    """A process that does one piece of work after the other.

    It is started anew rather than forked, as frameworks' threads do not survive a fork.
    """

    def __init__(self) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self._held: Dataset | None = None

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function there, pass on the progress that it reports, and return what it returns.

        A dataset among the arguments is sent once and kept until another comes.

        Raises
        ------
        WorkerDied
            When the process ends meanwhile.
        """
        sent = tuple(_HELD if isinstance(arg, Dataset) else arg for arg in args)
        dataset = next((arg for arg in args if isinstance(arg, Dataset)), None)
        try:
            if dataset is not None and dataset is not self._held:
                self._pipe.send((None, (dataset,)))
                self._held = dataset
            self._pipe.send((function, sent))
            answer: T = self._answer()
            return answer
        except (EOFError, OSError):
            self._process.join(5)
            raise WorkerDied(_ending(self._process.exitcode)) from None
        except KeyboardInterrupt:
            self.stop()
            raise

    def _answer(self) -> Any:
        while True:
            kind, value = self._pipe.recv()
            if kind == "progress":
                report_progress(*value)
            elif kind == "error":
                raise value
            else:
                return value

    def stop(self) -> None:
        """End the process, in the midst of its work if need be."""
        self._process.terminate()
        self._process.join(5)
        self._pipe.close()


_HELD = "=dataset"  # stands for the dataset that the worker holds


def _serve(pipe: Connection) -> None:
    """Answer calls until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of the terminal: the driver decides
    Thread(target=_end_with_parent, daemon=True).start()
    held = None
    while True:
        try:
            function, args = pipe.recv()
        except EOFError:
            return
        if function is None:
            (held,) = args
            held.samples.flags.writeable = False  # which pickling forgets
            continue
        args = tuple(held if isinstance(arg, str) and arg == _HELD else arg for arg in args)
        try:
            with listening(lambda *progress: pipe.send(("progress", progress))):
                answer = ("value", function(*args))
        except Exception as error:
            answer = ("error", _portable(error))
        try:
            pipe.send(answer)
        except (TypeError, AttributeError, PicklingError) as error:
            pipe.send(("error", HarnessError(f"a result cannot be sent to the main process: {error}")))


def _end_with_parent() -> None:
    """End this process once the driver has, however that came about, rather than work for nobody."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _portable(error: Exception) -> Exception:
    """Return the error if it is one of the harness's own, else one that surely survives the way back."""
    own = isinstance(error, HarnessError) and type(error).__module__.startswith("harness.")
    return error if own else HarnessError(f"{type(error).__name__}: {error}")


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"its process was ended by signal {-code} ({signal.Signals(-code).name})"
    return f"its process ended by itself with exit code {code}"


class Workers(Executor):
    """Runs stages one after the other: here, or, where a plugin uses a framework, in that one's process."""

    def __init__(self) -> None:
        self._workers: dict[str, Worker] = {}

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a task and return its finished future; that of a stage whose process died is its record."""
        future: Future[Any] = Future()
        try:
            future.set_result(self._run(fn, *args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def _run(self, fn: Callable[..., Record], stage: Stage, dataset: Dataset, store: Store) -> Record:
        name = frameworks(stage.plugin)
        if not name:
            return fn(stage, dataset, store)
        try:
            return self.ask(name, fn, stage, dataset, store)
        except WorkerDied as error:
            return unfinished(stage, store, "crashed", str(error))
        except (TypeError, AttributeError, PicklingError) as error:
            problem = f"{stage.plugin.name} and its parameters cannot be sent to a worker: {error}"
            return unfinished(stage, store, "failed", problem)

    def worker(self, name: str) -> Worker:
        """Return the process of a framework; it is started when it is first asked for."""
        if name not in self._workers:
            self._workers[name] = Worker()
        return self._workers[name]

    def load(self, plugin: Plugin, function: Callable[..., T], *args: Any) -> T:
        """Call what loads a plugin: in its framework's process where loading it would load a framework."""
        name = at_import(plugin)
        return self.ask(name, function, *args) if name else function(*args)

    def ask(self, name: str, function: Callable[..., T], *args: Any) -> T:
        """Call a function in the process of a framework."""
        try:
            return self.worker(name).call(function, *args)
        except WorkerDied:
            self._workers.pop(name).stop()
            raise

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End all processes."""
        for worker in self._workers.values():
            worker.stop()
        self._workers.clear()
