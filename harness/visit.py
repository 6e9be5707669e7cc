"""What a Dask worker does with a stage: it runs it in a child process under supervision, and says where."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from . import fingerprint
from .arrays import Arrays
from .errors import StoreError, Unavailable
from .limits import Limits
from .plan import Stage
from .progress import listening
from .store import Record
from .supervise import unfinished
from .task import Task
from .worker import Packed
from .workers import Workers

EVERY = 0.5  # seconds between two reports of how far a stage is
_lock = Lock()
_hosts: dict[str, Workers] = {}  # the processes here, by the driver that they work for


@dataclass(frozen=True)
class Visit:
    """A stage on its way to a worker.

    Parameters
    ----------
    driver : str
        Who sends it: its processes are ended together.
    stage : Stage
        Without parameters, for those may need a plugin's file to be read.
    work : Packed
        Is opened in the child process only.
    threads : int
    limits : Limits
    """

    driver: str
    stage: Stage
    work: Packed
    threads: int
    limits: Limits


def supervised(visit: Visit) -> tuple[Record, str]:
    """Run a stage under supervision, and return its record and the address of this worker."""
    from distributed import get_worker

    worker = get_worker()
    last = 0.0

    def tell(*progress: Any) -> None:
        nonlocal last
        if time.monotonic() - last >= EVERY:
            last = time.monotonic()
            worker.log_event(visit.driver, progress)

    worker.log_event(visit.driver, (visit.stage.key,))  # it has started
    try:
        with listening(tell):
            record = _host(visit.driver, visit.threads).supervise(visit.stage, visit.work, visit.limits)
    except StoreError as error:
        raise StoreError(f"Worker {worker.address}: {error}") from None
    except OSError as error:  # a plugin's file that is not on that machine
        record = unfinished(visit.stage, "unavailable", f"worker {worker.address}: {error}")
    return record, worker.address


def as_planned(function: Callable[[Task], Record], task: Task) -> Record:
    """Compute a stage if its code is here what it was where its key was made.

    Raises
    ------
    Unavailable
        When plugin or libraries are others, for the result would not be that of the key.
    """
    planned = {name: task.stage.facts[name] for name in ("code", "engine")}
    here = {"code": fingerprint.identity(task.plugin), "engine": fingerprint.engine(task.plugin.kind)}
    if planned != here:
        what = fingerprint.differences(fingerprint.flat(here), fingerprint.flat(planned))
        raise Unavailable(f"a worker has other code than this machine: {'; '.join(what)}")
    return function(task)


def reaches(arrays: Arrays, digest: str) -> str:
    """Try to read an array here, and return what goes wrong."""
    try:
        arrays.get(digest)
    except StoreError as error:
        return str(error)
    return ""


def ask(driver: str, name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function in the process of a framework."""
    return _host(driver, 1).ask(name, function, *args)


def leave(driver: str) -> None:
    """End the processes of a driver, in the midst of their work if need be."""
    with _lock:
        host = _hosts.pop(driver, None)
    if host is not None:
        host.shutdown()


def _host(driver: str, threads: int) -> Workers:
    """Return the processes of a driver; those of one that is gone are ended when another comes."""
    from distributed import get_worker

    with _lock:
        if driver not in _hosts:
            for other in [name for name, host in _hosts.items() if host.resting]:
                _hosts.pop(other).shutdown()
            _hosts[driver] = Workers(get_worker().state.nthreads, threads)
        return _hosts[driver]
