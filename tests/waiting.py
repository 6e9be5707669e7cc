"""Waiting for what happens, not for seconds: a busy machine only takes longer, and what hangs is told of."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import psutil

PATIENCE = 300.0  # seconds; what takes longer hangs, however busy the machine is


def until(true: Callable[[], object], what: str = "it") -> None:
    """Wait until something is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, f"{what} has not come"
        time.sleep(0.02)


def ended(*threads: Thread) -> None:
    """Wait until threads have ended."""
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive(), "it hangs"


def lives(pid: int) -> bool:
    """Whether a process is still at work: one that only waits for its parent to take note is not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def written(path: Path) -> str:
    """Wait until a file holds a whole line, and return what it holds."""
    until(lambda: path.exists() and path.read_text().endswith("\n"), str(path))
    return path.read_text().strip()
