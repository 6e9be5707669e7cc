"""A Dask scheduler and its workers as processes of their own on this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from waiting import PATIENCE, until

DASK = (sys.executable, "-m", "dask")


class Cluster:
    """A scheduler, and workers that can be added and killed."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder, self.workers = folder, []  # type: tuple[Path, list[psutil.Process]]
        self.environment = {**os.environ, **settings, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "warning"}
        log = folder / "scheduler.log"
        self.scheduler = self._start(log, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = _found(log, r"Scheduler at:\s+(tcp://[\d.:]+)")

    def _start(self, log: Path, *words: str) -> psutil.Process:
        with log.open("w") as file:
            process = subprocess.Popen(
                [*DASK, *words],
                cwd=self.folder,
                env={**self.environment, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "info"},
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return psutil.Process(process.pid)

    def add(self, *options: str) -> psutil.Process:
        """Start a worker, and return its process once it is known to the scheduler."""
        log = self.folder / f"worker{len(self.workers)}.log"
        words = ("worker", self.address, "--nthreads", "1", "--no-dashboard", *options)
        self.workers.append(self._start(log, *words))
        _found(log, r"(Registered to)")
        return self.workers[-1]

    def stop(self) -> None:
        """End all processes."""
        for process in (*self.workers, self.scheduler):
            kill(process)


def kill(process: psutil.Process) -> None:
    """End a process and its children, as the loss of a machine would."""
    with suppress(psutil.NoSuchProcess):
        for each in (process, *process.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                each.send_signal(signal.SIGKILL)
    with suppress(psutil.TimeoutExpired):
        process.wait(PATIENCE)


@contextmanager
def cluster(folder: Path, workers: int, *options: str, **settings: str) -> Iterator[Cluster]:
    """Start a scheduler with some workers; `settings` are environment variables of all of them."""
    folder.mkdir(parents=True, exist_ok=True)
    started = Cluster(folder, **settings)
    try:
        for _ in range(workers):
            started.add(*options)
        yield started
    finally:
        started.stop()


def _found(log: Path, pattern: str) -> str:
    """Wait until a log says something, and return it."""
    found: list[str] = []
    until(lambda: found.extend(re.findall(pattern, log.read_text())) or found, f"{pattern!r} in {log}")
    return found[0]
