"""Run stages on a Dask worker, each in a supervised child process."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, cast

from distributed import Worker, WorkerPlugin, get_worker

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


class Processes(WorkerPlugin):
    """The child processes of one run on each worker, stopped together when the run disconnects."""

    def __init__(self, run: str, threads: int) -> None:
        self.name, self.threads = run, threads

    def setup(self, worker: Worker) -> None:
        """Prepare for as many stages as the worker has threads."""
        self.workers = Workers(worker.state.nthreads, self.threads)

    def teardown(self, worker: Worker) -> None:
        """Stop the processes, even during work."""
        self.workers.shutdown()


def _workers(run: str) -> Workers:
    return cast(Processes, get_worker().plugins[run]).workers


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
    try:
        with listening(report):
            return _workers(run).supervise(stage, work, limits)
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
    return _workers(run).ask(name, function, *args)
