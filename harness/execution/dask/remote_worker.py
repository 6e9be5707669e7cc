"""Run stages on a Dask worker, each in a supervised child process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar, cast

from distributed import Worker, WorkerPlugin, get_worker, secede

from ...core.errors import StoreError, Unavailable
from ...core.limits import Limits
from ...core.plan import Stage
from ...core.progress import listening
from ...core.record import Record
from ...planning import cache_keys
from ..pool import Workers
from ..task import Task
from ..worker import Packed

INTERVAL = 0.5  # seconds between two reports of a stage's progress
leave = cast(Callable[[], None], secede)  # Dask has no types
MOST = 1000  # threads, each started only if all others are busy
T = TypeVar("T")


class Processes(WorkerPlugin):
    """The child processes of one run on each worker, stopped together when the run disconnects."""

    def __init__(self, run: str, threads: int) -> None:
        self.name, self.threads = run, threads

    def setup(self, worker: Worker) -> None:
        """Prepare for as many stages as the worker has threads, and tell them where the scheduler is."""
        # Dask's own variable: `Client()` in a stage's process then connects to the scheduler.
        os.environ["DASK_SCHEDULER_ADDRESS"] = worker.scheduler.address
        self.workers = Workers(worker.state.nthreads, self.threads)
        self.pool = ThreadPoolExecutor(MOST)

    def teardown(self, worker: Worker) -> None:
        """Stop the processes, even during work."""
        self.workers.shutdown()
        self.pool.shutdown(wait=False, cancel_futures=True)

    def call(self, function: Callable[..., T], *args: Any) -> T:
        """Call a function in a thread that stays: the processes that a thread starts end with it.

        Dask's own threads may end: one that has left the worker's slot to other tasks does so with its task.
        """
        return self.pool.submit(copy_context().run, function, *args).result()


def _processes(run: str) -> Processes:
    return cast(Processes, get_worker().plugins[run])


def run_stage(run: str, stage: Stage, work: Packed, limits: Limits) -> Record:
    """Run a stage under supervision, and log its start and its progress for the run that sent it."""
    worker = get_worker()
    reported = 0.0

    def report(*progress: Any) -> None:
        nonlocal reported
        if time.monotonic() - reported >= INTERVAL:
            reported = time.monotonic()
            worker.log_event(run, progress)

    worker.log_event(run, (stage.key,))
    if stage.on_workers:
        leave()  # its tasks may need this slot, and would else wait for it forever
    try:
        with listening(report):
            here = _processes(run)
            return here.call(here.workers.supervise, stage, work, limits)
    except StoreError as error:
        where = "Name a place that all workers can reach with --arrays."
        raise StoreError(f"Worker {worker.address}: {error} {where}") from None


def compute_if_same_code(function: Callable[[Task], Record], task: Task) -> Record:
    """Compute a stage if plugin, libraries and engine are those of its key, else raise Unavailable."""
    planned = {name: task.stage.facts[name] for name in ("code", "engine")}
    here = {"code": cache_keys.identity(task.plugin), "engine": cache_keys.ENGINE}
    if planned != here:
        differences = cache_keys.differences(cache_keys.flat(here), cache_keys.flat(planned))
        raise Unavailable(f"a worker's code differs from this machine's: {'; '.join(differences)}")
    return function(task)


def ask(run: str, name: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call a function in the process of a framework."""
    here = _processes(run)
    return here.call(here.workers.ask, name, function, *args)
