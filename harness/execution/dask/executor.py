"""Executor that sends stages to workers of a Dask scheduler."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from importlib import import_module
from threading import Event, Thread
from typing import Any
from uuid import uuid4

from ...core.errors import HarnessError, Unavailable, error_line
from ...core.executor import StageExecutor
from ...core.extras import needs
from ...core.plan import Stage
from ...core.plugin import Plugin
from ...core.progress import report_progress
from ...registry.devices import accelerator
from ..attempt import unfinished
from ..pool import Workers, unsendable
from ..worker import Packed, Unsendable, pack

INTERVAL = 1.0  # seconds between counts of the workers
PATIENCE = 60.0  # seconds for a scheduler to respond and have a worker
STARTS = 3  # worker deaths after which a stage fails


class DaskExecutor(StageExecutor):
    """Run stages on the workers of a Dask scheduler; a stage whose worker dies is restarted up to twice.

    Parameters
    ----------
    address : str
        Of the scheduler, e.g. ``tcp://host:8786``; or ``local``, for workers on this machine.
    local : Workers
        Loads plugins here, and gives the number of threads and the limits of a stage there.
    """

    def __init__(self, address: str, local: Workers) -> None:
        self.limits, self._local = local.limits, local
        self._run = f"harness-{uuid4().hex[:12]}"
        self._ended = Event()
        self._starts: Counter[str] = Counter()  # of each stage, on any worker
        self._listener = copy_context()
        self._client = _connect(address, local.jobs)
        self.address: str = self._client.scheduler.address
        try:
            self._client.wait_for_workers(1, PATIENCE)
            self._count_workers()
            self._remote: Any = import_module("harness.execution.dask.remote_worker")
            # For each worker, also for those that join later.
            self._client.register_plugin(self._remote.Processes(self._run, local.threads))
            self._accelerators = set(self._client.run(accelerator).values())
        except Exception as error:
            self.shutdown()
            problem = f"has no workers. Start one with: dask worker {self.address}"
            if not isinstance(error, TimeoutError):
                problem = f"has workers that need the same clustering-harness ({error_line(error, 200)})"
            raise HarnessError(f"The scheduler at {self.address} {problem}") from None
        self._executor = self._client.get_executor(pure=False, retries=STARTS - 1)  # of errors of the store
        self._client.subscribe_topic(self._run, self._heard)
        Thread(target=self._watch, daemon=True).start()

    def _count_workers(self) -> int:
        count: int = sum(self._client.nthreads().values())
        self.jobs = max(1, count)
        self.slots = 2 * self.jobs  # one more for each that runs, so that no worker waits
        return count

    def _watch(self) -> None:
        """Count the workers regularly, and report if there are none."""
        while not self._ended.wait(INTERVAL):
            with suppress(Exception):  # the connection is lost: the stages that wait report it
                if not self._count_workers():
                    self._heard((0.0, (0, 0, f"waiting for workers at {self.address}")))

    def submit(self, function: Callable[..., Any], task: Any, /) -> Future[Any]:
        """Send a stage to a worker, its parameters packed: reading them may need the plugin's file."""
        answer: Future[Any] = Future()
        self._listener, stage = copy_context(), task.stage
        bare = replace(stage, params={name: stage.params[name] for name in stage.params.keys() & {"device"}})
        try:
            self._send(bare, pack(self._remote.compute_if_same_code, function, task), answer)
        except Unsendable as error:
            answer.set_result(unsendable(stage, error))
        return answer

    def _send(self, stage: Stage, work: Packed, answer: Future[Any], sent: int = 1) -> None:
        def done(future: Future[Any]) -> None:
            error = CancelledError() if future.cancelled() else future.exception()
            starts = self._starts[stage.key]
            if error is None:
                answer.set_result(future.result())
            elif type(error).__name__ != "KilledWorker":
                answer.set_exception(self._lost(error))
            elif (
                starts < STARTS and sent < STARTS
            ):  # it may only have been queued while another stage ended the worker
                self._send(stage, work, answer, sent + 1)
            else:
                text = f"its Dask worker died {starts} times"
                answer.set_result(unfinished(stage, "crashed", text))

        try:
            future = self._executor.submit(self._remote.run_stage, self._run, stage, work, self.limits)
            future.add_done_callback(done)
        except Exception as error:
            answer.set_exception(self._lost(error))

    def _heard(self, event: tuple[float, Any]) -> None:
        """Count the start of a stage, or pass on its progress."""
        if len(event[1]) == 1:
            self._starts[event[1][0]] += 1
        else:
            self._listener.copy().run(report_progress, *event[1])

    def _lost(self, error: BaseException) -> HarnessError:
        if isinstance(error, HarnessError):
            return error
        what = "" if isinstance(error, CancelledError) else error_line(error, 200)
        kept = "Finished stages are kept: repeat the command once it is back, or without --dask."
        return HarnessError(f"The scheduler at {self.address} was lost{f' ({what})' if what else ''}. {kept}")

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that loads a plugin, on this machine."""
        return self._local.load(plugin, function, *args)

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function on a worker, in the process of a framework."""
        try:
            return self._executor.submit(self._remote.ask, self._run, name, function, *args).result()
        except (Exception, CancelledError) as error:
            raise self._lost(error) from None

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Fit a plugin on this machine."""
        return self._local.trial(plugin, function, *args)

    def accelerator(self) -> str:
        """Return the kind of accelerator that all workers had at the start; empty if they differ."""
        return next(iter(self._accelerators)) if len(self._accelerators) == 1 else ""

    def shutdown(self) -> None:
        """Stop this run's work on the workers, and disconnect from the scheduler."""
        self._ended.set()
        for end in (partial(self._client.unregister_worker_plugin, self._run), self._client.close):
            with suppress(Exception, CancelledError):  # the connection may be lost
                end()


def _connect(address: str, jobs: int) -> Any:
    """Return a client of a scheduler, or of workers that are started on this machine."""
    try:
        dask: Any = import_module("distributed")
    except ImportError:
        raise Unavailable(f"--dask {needs(['distributed'])}") from None
    for name in ("distributed", "distributed.client"):  # errors are reported in one line
        logging.getLogger(name).setLevel(logging.CRITICAL)
    local = {"n_workers": jobs, "threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    before = dict(os.environ)
    try:
        if address != "local" and not re.fullmatch(r"(tcp|tls|ucx|wss?)://.+:\d+", address):
            raise ValueError("an address is e.g. tcp://host:8786")
        where = local if address == "local" else {"address": address, "timeout": PATIENCE / 4}
        return dask.Client(set_as_default=False, **where)
    except (OSError, ValueError, RuntimeError) as error:
        start = "Start one with 'dask scheduler', or use --dask local."
        raise HarnessError(f"No scheduler responds at {address!r}: {error}. {start}") from None
    finally:  # nannies change the environment of this process
        os.environ.update(before)
        for name in os.environ.keys() - before.keys():
            del os.environ[name]
