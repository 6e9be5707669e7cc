"""What a Dask worker does with a stage: it runs it in a child process under supervision, and says where."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from ...core.errors import StoreError, Unavailable
from ...core.limits import Limits
from ...core.plan import Stage
from ...core.progress import listening
from ...core.record import Record
from ...planning import cache_keys
from ...store.arrays import Arrays
from ..pool import Workers
from ..task import Task
from ..worker import Packed

EVERY = 0.5  # seconds between two reports of how far a stage is
_lock = Lock()
IDLE = 300.0  # seconds after which processes that nobody has asked for are ended


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
        with listening(tell), _host(visit.driver, visit.threads) as host:
            record = host.supervise(visit.stage, visit.work, visit.limits)
    except StoreError as error:
        raise StoreError(f"Worker {worker.address}: {error}") from None
    return record, worker.address


def as_planned(function: Callable[[Task], Record], task: Task) -> Record:
    """Compute a stage if its code is here what it was where its key was made.

    Raises
    ------
    Unavailable
        When plugin or libraries are others, for the result would not be that of the key.
    """
    planned = {name: task.stage.facts[name] for name in ("code", "engine")}
    here = {"code": cache_keys.identity(task.plugin), "engine": cache_keys.ENGINE}
    if planned != here:
        what = cache_keys.differences(cache_keys.flat(here), cache_keys.flat(planned))
        raise Unavailable(f"a worker has other code than this machine: {'; '.join(what)}")
    return function(task)


def reaches(arrays: Arrays, digest: str) -> str:
    """Try to read an array here, and return what goes wrong."""
    try:
        arrays.get(digest)
    except StoreError as error:
        return str(error)
    return ""


def ask(driver: str, threads: int, name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function in the process of a framework."""
    with _host(driver, threads) as host:
        return host.ask(name, function, *args)


def leave(driver: str) -> None:
    """End the processes of a driver, in the midst of their work if need be."""
    with _lock:
        host = _hosts.pop(driver, None)
    if host is not None:
        host.workers.shutdown()


@dataclass
class _Host:
    """The processes that work here for a driver, how many visits are under way, and when the last ended."""

    workers: Workers
    visits: int = 0
    used: float = 0.0


_hosts: dict[str, _Host] = {}  # by driver


@contextmanager
def _host(driver: str, threads: int) -> Iterator[Workers]:
    """Lend the processes of a driver."""
    from distributed import get_worker

    with _lock:
        if not _hosts:
            Thread(target=_sweep, daemon=True).start()
        if driver not in _hosts:
            _hosts[driver] = _Host(Workers(get_worker().state.nthreads, threads))
        host = _hosts[driver]
        host.visits += 1
    try:
        yield host.workers
    finally:
        with _lock:
            host.visits -= 1
            host.used = time.monotonic()


def _sweep() -> None:
    """End processes that have been idle for long: their driver may have ended without a word."""
    while True:
        time.sleep(IDLE / 10)
        with _lock:
            resting = [name for name, host in _hosts.items() if not host.visits]
            old = [name for name in resting if time.monotonic() - _hosts[name].used > IDLE]
            ended = [_hosts.pop(name) for name in old]
            last = not _hosts
        for host in ended:
            host.workers.shutdown()
        if last:
            return
