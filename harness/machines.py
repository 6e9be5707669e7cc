"""Where stages run on other machines: Dask sends each to a worker, which runs it under supervision there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, replace
from threading import Event, Thread
from typing import Any

from .errors import HarnessError
from .progress import report_progress
from .scheduler import Scheduler
from .supervise import unfinished
from .task import Task
from .visit import Visit, as_planned, supervised
from .worker import Unsendable, pack
from .workers import Workers, unsendable

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
        self._scheduler = Scheduler(address, local.jobs)
        self.ask, self.address = self._scheduler.ask, self._scheduler.address
        self._executor = self._scheduler.client.get_executor(pure=False)
        self._made: dict[str, str] = {}  # the worker that made each array
        self._sent: Counter[str] = Counter()  # stages that are on their way to each worker by choice
        self._starts: Counter[str] = Counter()  # how often each stage was started on a worker
        self._flying: dict[Future[Any], _Flight] = {}
        self._workers = self._scheduler.workers()
        self._ended = Event()
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
        options = {"workers": [where], "allow_other_workers": True} if where else {}
        self._sent[where] += 1
        future = self._executor.submit(supervised, flight.visit, **options)
        self._flying[future] = replace(flight, where=where)
        future.add_done_callback(self._done)

    def _watch(self) -> None:
        """Look which workers there are, and send anew what was meant for one that is gone.

        The scheduler itself sends such stages to others, unless there was none for a while: then they would
        wait for ever.
        """
        while not self._ended.wait(AGAIN):
            with suppress(OSError, RuntimeError, TimeoutError, CancelledError):
                self._workers = self._scheduler.workers()
                if self._flying and not self._workers:
                    self._heard((0.0, (0, 0, f"waiting for workers at {self.address}")))
                for future, flight in [*self._flying.items()]:
                    if flight.where not in {"", *self._workers} and future in self._flying:
                        del self._flying[future]
                        self._sent[flight.where] -= 1
                        future.cancel()
                        self._send(flight)

    def _near(self, task: Task) -> str:
        """Return the worker that made what a stage reads, unless it is busy with others of that kind."""
        for record in task.before.values():
            for digest in record.arrays.values():
                where = self._made.get(digest, "")
                if self._sent[where] < 2 * self._workers.get(where, 0):
                    return where
        return ""

    def _done(self, future: Future[Any]) -> None:
        flight = self._flying.pop(future, None)
        if flight is None:
            return  # it was sent anew
        self._sent[flight.where] -= 1
        if future.cancelled():
            flight.answer.set_exception(
                HarnessError(
                    f"The scheduler at {self.address} was lost. What finished is kept: go on with the same "
                    "command once it is back, or without --dask."
                )
            )
            return
        error = future.exception()
        if error is None:
            record, address = future.result()
            self._made.update(dict.fromkeys(record.arrays.values(), address))
            flight.answer.set_result(record)
        elif type(error).__name__ == "KilledWorker":
            self._lost(flight)
        else:
            flight.answer.set_exception(error)

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
        self._executor.shutdown(wait=False)
        self._scheduler.close()
