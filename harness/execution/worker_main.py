"""Main loop of a worker process: answer calls until the driver ends."""

from __future__ import annotations

import ctypes
import faulthandler
import os
import pickle
import signal
import sys
import time
from contextlib import suppress
from importlib import import_module
from multiprocessing import parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread

from ..core.errors import HarnessError, Unavailable, error_line
from ..core.progress import listening
from ..core.tracebacks import traceback_of
from ..registry.loading import load_file
from ..registry.own_code import MAIN
from ..registry.pickled_code import pickled

EVERY = 0.1  # seconds between reports of progress
WHERE = getattr(signal, "SIGUSR1", signal.SIGTERM)  # the first is not on Windows, where neither is sent


def serve(pipe: Connection, output: Connection, faults: Connection, idle: float) -> None:
    """Answer calls until the connection is closed, or idle for `idle` seconds."""
    _settle(output, faults)
    while pipe.poll(idle):
        try:
            files, call = pipe.recv_bytes(), pipe.recv_bytes()
        except EOFError:
            return
        try:
            for file in pickle.loads(files):
                _load(file)  # the arguments may contain objects defined by a plugin
            function, args = pickle.loads(call)
            with listening(_Relay(pipe)):
                answer = ("value", function(*args))
        except BaseException as error:  # only the driver decides when this process ends
            answer = ("error", _portable(error))
        _flush()
        try:
            _send(pipe, answer)
        except Exception as error:
            pipe.send(("error", HarnessError(f"cannot send a result to the main process: {error}")))


class _Relay:
    """Send reports of progress, but leave out those that follow another at once: short steps cost nothing."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.next = pipe, 0.0

    def __call__(self, *progress: object) -> None:
        now = time.monotonic()
        if now >= self.next:
            self.next = now + EVERY
            self.pipe.send(("progress", progress))


def _send(pipe: Connection, answer: object) -> None:
    """Send an answer, by value what only a notebook or script defines."""
    try:
        pipe.send(answer)
    except (TypeError, AttributeError, pickle.PicklingError) as error:
        if MAIN not in str(error):
            raise
        pipe.send_bytes(pickled(answer))


def ready() -> None:
    """Import what every stage needs."""
    import_module("harness.execution.attempt")
    import_module("sklearn.base")


def _load(file: Path) -> None:
    try:
        load_file(file)
    except (Exception, SystemExit) as error:
        problem = Unavailable(f"cannot load {file} in a worker process: {error_line(error)}")
        problem.traceback = traceback_of(error)
        raise problem from None


def _settle(output: Connection, faults: Connection) -> None:
    """Make this process one that its driver can end whole, that ends with it, and whose output is kept.

    Where it is, is written to `faults` as it crashes, and whenever the driver sends `WHERE`.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C: the driver decides
    Thread(target=_end_with_parent, daemon=True).start()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # also where a plugin keeps all Python threads waiting
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    if os.name == "posix":
        os.setsid()
        for stream in (1, 2):
            os.dup2(output.fileno(), stream)
        faulthandler.enable(faults.fileno(), all_threads=False)
        faulthandler.register(WHERE, faults.fileno(), all_threads=False)


def _flush() -> None:
    """Flush all output before the answer."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()


def _end_with_parent() -> None:
    """End this process and its children once the driver has ended."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        if os.name == "posix" and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)


def _portable(error: BaseException) -> Exception:
    """Return an error of the harness unchanged, and any other as one that can be pickled."""
    if isinstance(error, HarnessError) and type(error).__module__.startswith("harness."):
        return error
    problem = HarnessError(error_line(error))
    problem.traceback = traceback_of(error)
    return problem
