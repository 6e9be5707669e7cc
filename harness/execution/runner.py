"""Run a plan: reuse or compute stages, store records as they finish, record cells."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace

from ..core.cell import CellRecord
from ..core.events import Outcome, Progress
from ..core.executor import StageExecutor
from ..core.plan import Plan, Stage
from ..core.record import Record, brief, ending
from ..registry.frameworks import frameworks
from ..store.claims import Claims
from ..store.store import Store
from .attempt import work
from .batches import Batches
from .cell_completion import CellsByStage, with_reasons
from .equal_labels import EqualLabels
from .inline import Inline
from .reuse import _differ, kept
from .task import Shared, Task, share

PATIENCE = 2.0  # seconds after which it is asked again how many stages may run
LOOK = 0.5  # seconds between two looks for what another driver is computing


def run(
    plan: Plan,
    store: Store,
    *,
    executor: StageExecutor | None = None,
    listen: Callable[[Progress], None] = lambda progress: None,
    retry: Collection[str] = (),
    stop: Callable[[], bool] = lambda: False,
    listen_cell: Callable[[CellRecord, Mapping[str, Record]], None] = lambda cell, records: None,
) -> Outcome:
    """Compute what the store does not hold yet, and note the cells of the plan.

    Parameters
    ----------
    plan : Plan
    store : Store
    executor : StageExecutor, optional
        Where stages run, e.g. `harness.execution.pool.Workers`; by default in this process.
    listen : callable
        Is told of each stage that ends.
    retry : collection of str
        Statuses, such as ``failed``, whose stages are computed again.
    stop : callable
        Once it returns true no more stages are started, and the run ends with those that are running.
    listen_cell : callable
        Is told of each cell whose last stage has ended, with the records of its stages by key.
    """
    with Claims(store) as claims:
        return _Run(plan, store, executor or Inline(), listen, retry, stop, claims, listen_cell).go()


class _Run:
    """The state of a run: which stages are ready, which wait for others, which are running."""

    def __init__(
        self,
        plan: Plan,
        store: Store,
        executor: StageExecutor,
        listen: Callable[[Progress], None],
        retry: Collection[str],
        stop: Callable[[], bool],
        claims: Claims,
        listen_cell: Callable[[CellRecord, Mapping[str, Record]], None],
    ) -> None:
        self.plan, self.store, self.executor, self.listen, self.retry = plan, store, executor, listen, retry
        self.stop, self.claims, self.listen_cell = stop, claims, listen_cell
        self.elsewhere: deque[Stage] = deque()  # another driver is computing these
        self.awaited: dict[str, Record | None] = {}  # what was in the store when these were waited for
        self.limits = executor.limits
        self.outcome = Outcome()
        self.equal = EqualLabels(self.outcome.records.get)
        self.rounds: dict[str, int] = {}  # a whole board of one seed stands before the next seed is begun
        for stage in plan.stages.values():
            self.rounds[stage.key] = max([stage.seed or 0, *(self.rounds[key] for key in stage.parents)])
        first = (stage for stage in plan.stages.values() if not stage.parents)
        self.ready = deque(sorted(first, key=lambda stage: self.rounds[stage.key]))
        self.batches = Batches(plan.stages.values())
        self.missing: Counter[str] = Counter()
        self.children: defaultdict[str, list[Stage]] = defaultdict(list)
        for stage in plan.stages.values():
            for parent in self.batches.needs(stage):
                self.missing[stage.key] += 1
                self.children[parent].append(stage)
        self.running: dict[Future[Record], Task] = {}
        self.earlier: dict[str, Record] = {}
        self.changed: set[str] = set()  # computed anew, with another result than is in the store
        self.done = 0
        self.shared: Shared | None = None
        self.cells = CellsByStage(plan.cells)
        self.noted: list[CellRecord] = []  # not written yet

    def go(self) -> Outcome:
        for cell in self.cells.blocked:
            self.noted.append(cell)
            self.listen_cell(cell, {})
        try:
            while self.running or ((self.ready or self.elsewhere) and not self.stop()):
                self.start()
                self.write_notes()
                self.wait()
        finally:
            self.write_notes()
        return self.outcome

    def wait(self) -> None:
        """Wait until a running stage has ended, another driver may have ended one, or there is more room."""
        if self.running:
            patience = LOOK if self.elsewhere else PATIENCE
            for future in wait(self.running, patience, FIRST_COMPLETED).done:
                self.answered(self.running.pop(future), future.result())
        elif self.elsewhere and not self.ready:
            time.sleep(LOOK)
        self.ready.extend(self.elsewhere)
        self.elsewhere.clear()

    def write_notes(self) -> None:
        """Write the cells that have ended, all at once."""
        if self.noted:
            self.store.put_cells(self.noted)
            self.noted = []

    def start(self) -> None:
        """Start the stages that are ready, or end them at once where there is nothing to do."""
        while self.ready and len(self.running) < self.executor.slots and not self.stop():
            stage = self.next()
            if not self.due(stage):
                continue
            beside = [each for each in self.batches.beside(stage) if each in self.ready]
            for each in beside:
                self.ready.remove(each)
            task = self.task(stage, tuple(each for each in beside if self.due(each)))
            future = self.executor.submit(work, task)
            self.running[future] = task
            if future.done():
                return  # run inline: what it made ready goes first, so that scores follow their fits

    def next(self) -> Stage:
        """Take a stage off the queue: the first whose framework no other stage has in use, if there is one.

        To load a framework in another process takes longer than to let a stage of it wait.
        """
        used = {frameworks(task.plugin) for task in self.running.values()} - {""}
        if used:
            for number, stage in enumerate(self.ready):
                if frameworks(stage.plugin) not in used:
                    del self.ready[number]
                    return stage
        return self.ready.popleft()

    def due(self, stage: Stage) -> bool:
        """Return whether a stage is to be computed here and now; else it is ended, or put off."""
        parents = [self.outcome.records.get(key) for key in stage.required]
        earlier = self.store.get(stage.key)
        tried = stage.key in self.awaited and self.awaited[stage.key] != earlier  # by that driver, just now
        record = kept(stage, earlier, self.store, () if tried else self.retry, self.limits)
        if not self.changed.isdisjoint(stage.parents):
            record = None
        if not all(parent is not None and parent.ok for parent in parents):
            self.end(stage, None)
        elif record is not None:
            self.end(stage, record, reused=True)
        elif (same := self.equal.score(stage)) is not None:
            self.end(stage, same)
        elif not self.claims.take(stage.key):
            self.elsewhere.append(stage)
            self.awaited.setdefault(stage.key, earlier)
        elif self.store.get(stage.key) != earlier:  # another driver has ended it since
            self.store.release(self.claims.owner, stage.key)
            self.awaited.setdefault(stage.key, earlier)
            self.ready.appendleft(stage)
        else:
            if earlier is not None:
                self.earlier[stage.key] = earlier
            return True
        return False

    def answered(self, task: Task, record: Record) -> None:
        """End the stages that were sent together; those that have no record of it are tried alone."""
        beside = {each.key: each for each in record.beside}
        if beside and record.output and not task.stage.shares:
            beside = {}  # which of them wrote it is not known
        rest = [stage for stage in task.beside if stage.key not in beside]
        if rest and not beside and not (record.ok and not record.output):
            rest.append(task.stage)
        else:
            self.end(task.stage, replace(record, beside=()))
        for stage in task.beside:
            if stage.key in beside:
                self.end(stage, replace(beside[stage.key], limits=record.limits, output=record.output))
        self.batches.split(rest)
        self.ready.extendleft(rest)

    def task(self, stage: Stage, beside: tuple[Stage, ...] = ()) -> Task:
        """Put together what computing a stage needs."""
        if self.shared is None:
            self.executor.warm()  # while the samples are written
            self.shared = share(self.plan.dataset, self.store)
        found = {key: self.outcome.records.get(key) for each in (stage, *beside) for key in each.parents}
        before = {
            key: brief(record, self.outcome.records.get)
            for key, record in found.items()
            if record is not None and record.status != "unavailable"
        }
        return Task(stage, self.shared, self.store.arrays, before, beside)

    def end(self, stage: Stage, record: Record | None, reused: bool = False) -> None:
        """Note that a stage has ended, and the cells that are complete with it."""
        self.done += 1
        if record is not None:
            if not reused:
                if record.status != "unavailable":  # what is missing may be installed tomorrow
                    self.store.put(record, self.claims.owner)
                else:
                    self.store.release(self.claims.owner, stage.key)
            self.outcome.records[stage.key] = record
            self.equal.note(stage, record)
            (self.outcome.reused if reused else self.outcome.computed)[stage.kind] += 1
        earlier = self.earlier.pop(stage.key, None)
        if earlier is not None and record is not None and _differ(earlier, record):
            self.changed.add(stage.key)
        ended = list(self.cells.finished_by(stage.key))
        for cell in ended:
            self.noted.append(with_reasons(self._as_it_ended(cell), self.outcome.records))
        self.put_ahead(list(self.freed_by(stage)))
        self.listen(Progress(stage, record, reused, self.done, len(self.plan.stages)))
        records = self.outcome.records
        for cell in ended:
            self.listen_cell(cell, {key: records[key] for key in cell.keys if key in records})

    def put_ahead(self, freed: list[Stage]) -> None:
        """Put stages ahead of those that are not more urgent, in their order."""
        for stage in reversed(freed):
            urgency = self.urgency(stage)
            places = (n for n, other in enumerate(self.ready) if self.urgency(other) <= urgency)
            self.ready.insert(next(places, len(self.ready)), stage)

    def urgency(self, stage: Stage) -> tuple[int, float]:
        """Return how soon a stage should start: seed by seed, long fits (of wide embeddings) first."""
        turn = -self.rounds[stage.key]
        if stage.kind == "score":
            return turn, math.inf
        if stage.kind == "encode":
            return turn, -1.0  # what is encoded is clustered first, so that cells are complete early
        record = self.outcome.records.get(stage.parents[0])
        return turn, float(record.values.get("features", 0)) if record is not None else 0.0

    def _as_it_ended(self, cell: CellRecord) -> CellRecord:
        """Mark a cell whose plugin turned out to be unavailable, as that leaves no record in the store."""
        found = ending(cell.fits, {}, self.outcome.records)
        if found.status != "unavailable":
            return cell
        records = (self.outcome.records.get(key) for key in cell.fits)
        calls = next((each.traceback for each in records if each is not None and not each.ok), "")
        blocked = replace(cell, blocked=(found.status, found.error), traceback=calls)
        return replace(blocked, steps=(), cluster="", scores={})  # as where that was known before

    def freed_by(self, stage: Stage) -> Iterator[Stage]:
        """Yield the stages that waited for this one last."""
        for child in self.children.pop(stage.key, ()):
            self.missing[child.key] -= 1
            if not self.missing[child.key]:
                yield child
