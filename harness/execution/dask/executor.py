"""Where stages run on other machines: Dask sends each to a worker, which runs it under supervision there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, replace
from threading import Event, Lock, Thread
from typing import Any

from ...core.errors import HarnessError, StoreError
from ...core.progress import report_progress
from ..attempt import unfinished
from ..pool import Workers, unsendable
from ..task import Task
from ..worker import Unsendable, pack
from .client import Scheduler
from .remote_worker import Visit, as_planned, supervised

AGAIN = 1.0  # seconds after which the workers are counted again
STARTS = 3  # a stage whose worker ended so often is given up


@dataclass(frozen=True)
class _Flight:
    """A stage on its way: who waits for it, what is sent, and to which worker if that was chosen."""

    answer: Future[Any]
    visit: Visit
    task: Task
    where: str = ""
    lost: int = 0  # how often the scheduler has given it up


class Machines(Executor):
    """Runs stages on the workers of a Dask scheduler; the records are written by the caller alone.

    A worker that ends in the midst of a stage costs this stage a new start elsewhere, a few times.

    Parameters
    ----------
    address : str
        Of the scheduler, as ``tcp://host:8786``; or ``local``, for workers on this machine.
    local : Workers
        Loads plugins here, and says with how many threads and within which limits a stage runs there.

    Raises
    ------
    HarnessError
        When the scheduler does not answer or has no workers.
    """

    def __init__(self, address: str, local: Workers) -> None:
        self.limits, self.load = local.limits, local.load
        self._threads = local.threads
        self._scheduler = Scheduler(address, local.jobs, local.threads)
        self.ask, self.address = self._scheduler.ask, self._scheduler.address
        self._executor = self._scheduler.client.get_executor(pure=False)
        self._made: dict[str, str] = {}  # the worker that made each array
        self._sent: Counter[str] = Counter()  # stages that are on their way to each worker by choice
        self._starts: Counter[str] = Counter()  # how often each stage was started on a worker
        self._flying: dict[Future[Any], _Flight] = {}
        self._workers = self._scheduler.workers()
        self._ended = Event()
        self._lock = Lock()
        self._checked = False
        self._listener: Context = copy_context()
        self._scheduler.client.subscribe_topic(self._scheduler.driver, self._heard)
        Thread(target=self._watch, daemon=True).start()

    @property
    def jobs(self) -> int:
        """How many stages can run at a time."""
        return max(1, sum(self._workers.values()))

    @property
    def slots(self) -> int:
        """How many stages may be on their way: one more for each that runs, so that no worker waits."""
        return 2 * self.jobs

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Send a stage to a worker, to the one that made its input where that has room."""
        (task,) = args
        if not self._checked:
            self._scheduler.check(task.arrays)
            self._checked = True
        answer: Future[Any] = Future()
        try:
            work = pack(as_planned, fn, task)
        except Unsendable as error:
            answer.set_result(unsendable(task.stage, error))
            return answer
        self._listener = copy_context()
        device = {name: value for name, value in task.stage.params.items() if name == "device"}
        stage = replace(task.stage, params=device)
        visit = Visit(self._scheduler.driver, stage, work, self._threads, self.limits)
        self._send(_Flight(answer, visit, task), self._near(task))
        return answer

    def _send(self, flight: _Flight, where: str = "") -> None:
        """Send a stage; whoever waits for it is told what goes wrong."""
        options = {"workers": [where], "allow_other_workers": True} if where else {}
        try:
            future = self._executor.submit(supervised, flight.visit, **options)
        except Exception as error:
            flight.answer.set_exception(self._scheduler.lost(error))
            return
        with self._lock:
            self._sent[where] += 1
            self._flying[future] = replace(flight, where=where)
        future.add_done_callback(self._done)

    def _landed(self, future: Future[Any]) -> _Flight | None:
        """Take a stage off the list, unless that has been done."""
        with self._lock:
            flight = self._flying.pop(future, None)
            if flight is not None:
                self._sent[flight.where] -= 1
        return flight

    def _watch(self) -> None:
        """Look which workers there are.

        The scheduler itself sends the stages of a worker that is gone to others. But a stage that was meant
        for one worker waits for ever once no worker was left for a while: it is sent anew.
        """
        before = self._workers
        while not self._ended.wait(AGAIN):
            try:
                self._workers = self._scheduler.workers()
            except HarnessError:
                continue
            if not self._workers and self._flying:
                self._heard((0.0, (0, 0, f"waiting for workers at {self.address}")))
            if self._workers and self._workers.keys().isdisjoint(before):
                for future, flight in [*self._flying.items()]:
                    if flight.where not in {"", *self._workers} and self._landed(future):
                        future.cancel()
                        self._send(flight)
            before = self._workers

    def _near(self, task: Task) -> str:
        """Return the worker that made what a stage reads, unless it is busy with others of that kind."""
        for record in task.before.values():
            for digest in record.arrays.values():
                where = self._made.get(digest, "")
                if self._sent[where] < 2 * self._workers.get(where, 0):
                    return where
        return ""

    def _done(self, future: Future[Any]) -> None:
        flight = self._landed(future)
        if flight is None:
            return  # it was sent anew
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            record, address = future.result()
            self._made.update(dict.fromkeys(record.arrays.values(), address))
            flight.answer.set_result(record)
        elif type(error).__name__ == "KilledWorker":
            self._lost(flight)
        elif isinstance(error, StoreError) and flight.lost + 1 < STARTS:  # another may reach the arrays
            self._send(replace(flight, lost=flight.lost + 1))
        else:
            flight.answer.set_exception(self._scheduler.lost(error))

    def _lost(self, flight: _Flight) -> None:
        """Give a stage up, or send it once more: it may only have waited where another ended the worker."""
        stage = flight.task.stage
        starts = self._starts[stage.key]
        if starts >= STARTS or flight.lost + 1 >= STARTS:
            text = f"the Dask worker ended while it ran, {starts} times" if starts else "its workers ended"
            flight.answer.set_result(unfinished(stage, "crashed", text))
        else:
            self._send(replace(flight, lost=flight.lost + 1))

    def _heard(self, event: tuple[float, Any]) -> None:
        """Note that a stage has started, or pass on how far it is."""
        if len(event[1]) == 1:
            self._starts[event[1][0]] += 1
        else:
            self._listener.copy().run(report_progress, *event[1])

    def accelerator(self) -> str:
        """Return the kind of accelerator that all workers may have."""
        return self._scheduler.accelerator

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End what runs on the workers for this driver, and take leave of the scheduler."""
        self._ended.set()
        with suppress(Exception):  # the connection may be lost
            self._executor.shutdown(wait=False)
        self._scheduler.close()
