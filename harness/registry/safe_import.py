"""Importing what others wrote without being hung or ended by it: tried apart once, then within a time."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType
from typing import TYPE_CHECKING

from ..core.errors import BadParameter
from ..core.files import read_memo, write_memo

if TYPE_CHECKING:
    import subprocess

START = 300.0  # seconds in which Python must have started: that is nobody's import
LIMIT = 30.0  # seconds for the import of one module, unless $HARNESS_IMPORT_SECONDS says otherwise
DAY = 86_400
KEPT = 500  # verdicts, the newest ones
AGAIN = 3600.0  # seconds after which a module that failed is tried again: what it waited for may be there
SURVIVED = 42  # what a trial ends with: any other code, 0 among them, is a module that ended its process

# Errors are left for this process to meet and to report. A line says that it begins; then there is one for
# each module that was imported without harm, and one more once its hooks were called.
_TRIAL = f"""import importlib, sys, os
with open(sys.argv[1], "w") as told:
    print("begun", file=told, flush=True)
    for place in sys.argv[2:]:
        found = None
        try:
            module, _, path = place.partition(":")
            found = importlib.import_module(module)
            for part in filter(None, path.split(".")):
                found = getattr(found, part)
        except BaseException: pass
        print(place, file=told, flush=True)
        for hook in ("encoders", "clusterers", "metrics", "datasets"):
            try:
                call = getattr(found, hook)
                if hasattr(call, "harness_impl"): call()
            except BaseException: pass
        print(place, file=told, flush=True)
os._exit({SURVIVED})"""


class TooLong(BaseException):
    """An import took too long; no `Exception`, as a module that tries again and again would catch it."""


def limit() -> float:
    """Return how many seconds a module may take to be imported.

    Raises
    ------
    BadParameter
        When the environment says something that is no time.
    """
    text = os.environ.get("HARNESS_IMPORT_SECONDS", "")
    try:
        seconds = float(text) if text else LIMIT
    except ValueError:
        seconds = math.nan
    if not 0 < seconds <= DAY:  # so is not a number
        raise BadParameter(
            f"HARNESS_IMPORT_SECONDS must be a number of seconds above 0 and up to {DAY}, got {text!r}. "
            "Set it so, or not at all."
        )
    return seconds


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise TooLong when what is done within takes too long.

    Where signals are not to be had, as in another thread, there is no limit.

    Examples
    --------
    >>> with within(5.0):
    ...     1 + 1
    2
    """
    usable = hasattr(signal, "setitimer") and current_thread() is main_thread()
    if not usable or seconds == math.inf or signal.getsignal(signal.SIGALRM) is not signal.SIG_DFL:
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"it took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)  # again each second, should it be caught
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def verdicts(modules: Mapping[str, str], memory: Path) -> dict[str, str]:
    """Say of each module what makes it unfit to be imported here, or an empty string.

    Parameters
    ----------
    modules : mapping
        For each module, or object in a module as ``module:object``, what tells whether it has changed.
    memory : Path
        The file that keeps verdicts; where it cannot be written, each call tries all modules.
    """
    known = _verdicts(memory)
    new = [name for name, mark in modules.items() if not _is_valid(known.get(f"{name} {mark}"))]
    if new:
        found = _try_apart(new)
        now = time.time()
        known |= {f"{name} {modules[name]}": (reason, now) for name, reason in found.items()}
        write_memo(memory, dict(sorted(known.items(), key=lambda item: item[1][1])[-KEPT:]))
    return {name: known[f"{name} {mark}"][0] for name, mark in modules.items()}


def _is_valid(verdict: tuple[str, float] | None) -> bool:
    return verdict is not None and (not verdict[0] or 0 <= time.time() - verdict[1] < AGAIN)


def _try_apart(modules: list[str]) -> dict[str, str]:
    """Import modules in one process after another: where one ends, the next goes on behind the culprit."""
    from tempfile import TemporaryDirectory  # here, as most calls have nothing to try

    found: dict[str, str] = {}
    waiting = list(modules)
    with TemporaryDirectory() as folder:
        while waiting:
            done, reason = _one_process(waiting, Path(folder) / "done")
            found |= dict.fromkeys(waiting[:done], "")
            if done < len(waiting):
                found[waiting[done]] = reason
            waiting = waiting[done + 1 :]
    return found


def _one_process(modules: list[str], told: Path) -> tuple[int, str]:
    """Return how many modules did no harm before one did, and how it did."""
    import subprocess

    told.write_text("")
    seconds = limit()
    process = subprocess.Popen(
        [sys.executable, "-c", _TRIAL, str(told), *modules],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        lines, since = 0, time.monotonic()
        while process.poll() is None and time.monotonic() - since < (seconds if lines else START):
            time.sleep(0.01)
            if (count := told.read_text().count("\n")) > lines:
                lines, since = count, time.monotonic()
        code = process.poll()
    finally:
        _end(process)
    done, imported = divmod(max(told.read_text().count("\n") - 1, 0), 2)
    if code is None:
        late = "its hooks took longer than" if imported else "it was not imported within"
        return done, f"{late} {seconds:g} s"
    how = f"signal {-code}" if code < 0 else f"exit code {code}"
    if imported:
        return done, f"its hooks ended the process that called them ({how})"
    return done, f"it ended the process that imported it ({how})"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a trial, and what it has started."""
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _verdicts(memory: Path) -> dict[str, tuple[str, float]]:
    try:
        return {name: (str(why), float(when)) for name, (why, when) in read_memo(memory).items()}
    except (ValueError, TypeError):
        return {}
