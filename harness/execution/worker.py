"""Worker: a child process that executes calls within limits, and ends with its driver."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import current_process, get_context
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from pickle import PicklingError
from threading import Lock
from typing import Any, ClassVar, TypeVar

import psutil

from ..core.errors import HarnessError, error_line
from ..core.plugin import Plugin
from ..core.progress import report_progress
from ..core.threads import variables
from ..core.tracebacks import MOST
from ..registry.own_code import MAIN
from ..registry.pickled_code import pickled
from .captured_output import Output
from .crash_traceback import shortened
from .worker_main import WHERE, serve

T = TypeVar("T")
STEP = 0.1  # seconds between checks of time and memory
IDLE = 600.0  # idle seconds after which a process ends; after half of that, it gets no more work
WRITING = 0.5  # seconds to wait for a process's traceback
_starting = Lock()
_living: set[Worker] = set()


class WorkerDied(HarnessError):
    """A worker process ended during its work."""

    status: ClassVar[str] = "crashed"


class TimedOut(WorkerDied):
    """A worker was stopped because it exceeded its time limit."""

    status = "timeout"


class OutOfMemory(WorkerDied):
    """A worker was stopped because it exceeded its memory limit."""

    status = "out-of-memory"


class Unsendable(HarnessError):
    """A call for a worker cannot be pickled."""


@dataclass(frozen=True)
class Packed:
    """A pickled call, and the files of plugins to load before unpickling it."""

    files: bytes
    call: bytes


def pack(function: Callable[..., Any], *args: Any) -> Packed:
    """Pickle a call for sending.

    Raises
    ------
    Unsendable
        If function or arguments cannot be pickled.
    """
    return Packed(_pickled(_files(args)), _pickled((function, args)))


class Worker:
    """A process that executes one call after another.

    It is started anew rather than forked, as frameworks' threads do not survive a fork; and in a session of
    its own, so that it can be ended together with what it has started.

    Parameters
    ----------
    threads : int
        How many threads its numeric libraries may use.
    """

    def __init__(self, threads: int = 1) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        ours, output = context.Pipe(duplex=False)
        faults_here, faults = context.Pipe(duplex=False)
        # Not a daemon, since plugins may start child processes.
        self._process = context.Process(target=serve, args=(theirs, output, faults, IDLE))
        with _environment(variables(threads)), _as_no_daemon(), _without_main():
            self._process.start()
        for end in (theirs, output, faults):
            end.close()
        self.output = Output(ours)
        self._faults = Output(faults_here, MOST // 2)
        self._working = False  # waiting for an answer
        self._answered = time.monotonic()
        _living.add(self)

    @property
    def usable(self) -> bool:
        """Whether it is alive and idle, and not about to end."""
        fresh = time.monotonic() - self._answered < IDLE / 2
        return fresh and self._process.is_alive() and not self._working

    def call(
        self,
        function: Callable[..., T],
        *args: Any,
        seconds: float | None = None,
        memory: float | None = None,
    ) -> T:
        """Call a function in the worker, relay its progress, and return its result.

        A plugin's file is loaded there before the arguments, which may hold what it defines, are read.

        Parameters
        ----------
        function : callable
        *args : object
        seconds : float, optional
            After so much time the process is ended.
        memory : float, optional
            With so many bytes resident, its own children included, the process is ended.

        Raises
        ------
        Unsendable
            If function or arguments cannot be pickled.
        WorkerDied
            If the process ends meanwhile; TimedOut and OutOfMemory if a limit ended it.
        """
        answer: T = self.do(pack(function, *args), seconds, memory)
        return answer

    def do(self, work: Packed, seconds: float | None = None, memory: float | None = None) -> Any:
        """Execute a packed call, perhaps from another machine: see `call`."""
        self.output.start()
        self._faults.start()
        self._working = True
        try:
            self._pipe.send_bytes(work.files)
            self._pipe.send_bytes(work.call)
            kind, value = self._answer(seconds, memory)
        except (EOFError, OSError):
            self._process.join(5)
            raise self._died(WorkerDied(_ending(self._process.exitcode))) from None
        self._working, self._answered = False, time.monotonic()
        if kind == "error":
            raise value
        return value

    def _answer(self, seconds: float | None, memory: float | None) -> tuple[str, Any]:
        limited = seconds is not None or memory is not None
        started = looked = time.monotonic()
        while True:
            if self._pipe.poll(STEP if limited else None):
                kind, value = self._pipe.recv()
                if kind != "progress":
                    return kind, value
                with suppress(Exception):  # errors of a listener must not interrupt the answer of a process
                    report_progress(*value)
            now = time.monotonic()
            if limited and now - looked >= STEP:  # even if it reports progress often
                self._look(now - started, seconds, memory)
                looked = now

    def _look(self, took: float, seconds: float | None, memory: float | None) -> None:
        """Raise an error if a process has reached a limit."""
        if seconds is not None and took > seconds:
            self._ask_where()
            raise self._died(TimedOut(f"it ran longer than {seconds:g} s"))
        if memory is not None and (used := self._resident()) > memory:
            self._ask_where()
            raise self._died(OutOfMemory(f"it used {_size(used)} of memory; the limit is {_size(memory)}"))

    def _died(self, error: WorkerDied) -> WorkerDied:
        """Add the traceback of the process, if it was written."""
        error.traceback = shortened(self._faults.text)
        return error

    def _ask_where(self) -> None:
        """Request the traceback of the process, which it writes immediately, if at all."""
        if os.name != "posix" or self._process.pid is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.kill(self._process.pid, WHERE)
        deadline, before = time.monotonic() + WRITING, ""
        while time.monotonic() < deadline and (not before or before != self._faults.text):
            before = self._faults.text
            time.sleep(WRITING / 20)

    def _resident(self) -> int:
        """Return the resident bytes of the process and its children, without mapped files."""
        total = 0
        with suppress(psutil.Error):
            process = psutil.Process(self._process.pid)
            for each in (process, *process.children(recursive=True)):
                with suppress(psutil.Error):
                    info = each.memory_info()
                    total += info.rss - getattr(info, "shared", 0)
        return total

    def stop(self) -> None:
        """Stop the process and all its children, even during work."""
        _living.discard(self)
        pid = self._process.pid
        with suppress(psutil.Error):
            for child in psutil.Process(pid).children(recursive=True):
                with suppress(psutil.Error):
                    child.kill()
        with suppress(ProcessLookupError, PermissionError):
            if pid is not None and os.name == "posix" and os.getpgid(pid) == pid:
                os.killpg(pid, signal.SIGKILL)
        self._process.kill()
        self._process.join(5)


def _pickled(value: Any) -> bytes:
    """Pickle by name, or by value if this process alone has the names."""
    try:
        data = bytes(ForkingPickler.dumps(value))
        return data if MAIN.encode() not in data else pickled(value)
    except (TypeError, AttributeError, PicklingError) as error:
        if MAIN not in str(error):
            raise Unsendable(str(error)) from None
    try:
        return pickled(value)
    except Exception as error:  # of any kind: objects may have reducers of their own
        raise Unsendable(error_line(error)) from None


def _files(args: tuple[Any, ...]) -> list[Path]:
    """Return the files of the plugins among the arguments."""
    plugins = (arg if isinstance(arg, Plugin) else getattr(arg, "plugin", None) for arg in args)
    return [plugin.file for plugin in plugins if isinstance(plugin, Plugin) and plugin.file]


@atexit.register
def _end_all() -> None:
    """Do not wait for workers when this process exits."""
    for worker in [*_living]:
        worker.stop()


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    """Change the environment for a child temporarily."""
    with _starting:
        before = {name: os.environ.get(name) for name in changes}
        os.environ.update(changes)
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


@contextmanager
def _as_no_daemon() -> Iterator[None]:
    """Allow a daemonic process, such as a Dask worker, to have children, which end with it."""
    config: dict[str, Any] = getattr(current_process(), "_config", {})
    daemon = config.pop("daemon", None)
    try:
        yield
    finally:
        if daemon is not None:
            config["daemon"] = daemon


@contextmanager
def _without_main() -> Iterator[None]:
    """Prevent a child from importing the driver's script, which may call `harness.bench` at import."""
    main: dict[str, Any] = vars(sys.modules["__main__"])
    kept: dict[str, Any] = {name: main[name] for name in ("__spec__", "__file__") if name in main}
    main["__spec__"] = None
    main.pop("__file__", None)
    try:
        yield
    finally:
        main.update(kept)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        more = ", perhaps by the system, out of memory" if code == -signal.SIGKILL else ""
        return f"its process was killed by signal {-code} ({signal.Signals(-code).name}){more}"
    return f"its process exited with code {code}"


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 2**30:.2f} GiB" if n_bytes >= 2**30 else f"{n_bytes / 2**20:.0f} MiB"
