"""Worker processes that are left to the next run, for tests of anything but processes.

To start one takes longer than most of what tests let it do, and to load a framework takes longer still.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harness.execution.pool import Workers
from harness.execution.worker import Packed, Worker, pack

_kept: defaultdict[tuple[str, int], list[Worker]] = defaultdict(list)  # by framework and threads
_no_files = pack(os.getcwd).files
_starter = ThreadPoolExecutor(1)  # Linux ends a worker with the thread that started it
_own = "HARNESS_"  # begins the names of the harness's own settings


def last(patch: pytest.MonkeyPatch) -> None:
    """Let the processes of a run outlive it, and those of an earlier one serve it: one stage at a time."""
    take, shutdown, do = Workers._take, Workers.shutdown, Worker.do

    def take_kept(self: Workers, name: str) -> Worker:
        with self._lock:
            kept = _kept[name, self.threads]
            while not self._ended and not self._idle[name] and kept:
                worker = kept.pop()
                if not worker.usable:  # idle for so long that it has ended, or soon will
                    worker.stop()
                    continue
                worker.call(_settle, str(Path.cwd()), _settings())
                self._idle[name].append(worker)
        return take(self, name)

    def keep(self: Workers, *args: Any, **kwargs: Any) -> None:
        with self._lock:
            for name, idle in self._idle.items():
                fresh = [each for each in idle if each.usable and not hasattr(each, "has_files")]
                _kept[name, self.threads] += fresh
                idle[:] = [each for each in idle if each not in fresh]
        shutdown(self, *args, **kwargs)

    def note_files(self: Worker, work: Packed, *args: Any, **kwargs: Any) -> Any:
        if work.files != _no_files:  # what a test's own plugin does to a process is no other test's concern
            vars(self)["has_files"] = True
        return do(self, work, *args, **kwargs)

    patch.setattr("harness.execution.pool.Worker", lambda threads: _starter.submit(Worker, threads).result())
    patch.setattr(Workers, "_take", take_kept)
    patch.setattr(Workers, "shutdown", keep)
    patch.setattr(Worker, "do", note_files)
    for module in ("execution.pool", "core.threads"):  # the second is for the pages of reports
        patch.setattr(f"harness.{module}.cores", lambda: 1)


@contextmanager
def lasting() -> Iterator[None]:
    """Do so within a block, or in a function that this decorates."""
    with pytest.MonkeyPatch.context() as patch:
        last(patch)
        yield


def _settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(_own)}


def _settle(folder: str, settings: dict[str, str]) -> None:
    """Be where a new process would be."""
    os.chdir(folder)
    for name in _settings().keys() - settings.keys():
        del os.environ[name]
    os.environ.update(settings)
