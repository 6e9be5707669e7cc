"""A child process that does one piece of work after the other, and ends with its driver."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from pickle import PicklingError
from threading import Lock, Thread
from typing import Any, TypeVar

from .errors import HarnessError
from .interfaces import Dataset
from .progress import listening, report_progress

T = TypeVar("T")
# Read by the numeric libraries when they are loaded.
THREADS = (
    *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    *("TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "NUMEXPR_NUM_THREADS"),
)
_starting = Lock()


class WorkerDied(HarnessError):
    """A worker process ended in the midst of its work."""


class Worker:
    """A process that does one piece of work after the other.

    It is started anew rather than forked, as frameworks' threads do not survive a fork.

    Parameters
    ----------
    threads : int
        How many threads its numeric libraries may use.
    """

    def __init__(self, threads: int = 1) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        with _environment(dict.fromkeys(THREADS, str(threads))):
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


@contextmanager
def _environment(changes: dict[str, str]) -> Iterator[None]:
    """Change the environment that a child inherits, and change it back."""
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
        except BaseException as error:  # the driver alone decides when this process ends
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


def _portable(error: BaseException) -> Exception:
    """Return the error if it is one of the harness's own, else one that surely survives the way back."""
    own = isinstance(error, HarnessError) and type(error).__module__.startswith("harness.")
    return error if own and isinstance(error, Exception) else HarnessError(f"{type(error).__name__}: {error}")


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"its process was ended by signal {-code} ({signal.Signals(-code).name})"
    return f"its process ended by itself with exit code {code}"
