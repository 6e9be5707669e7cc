"""Running a plan: stages are reused or computed, records kept as they finish, cells noted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import fingerprint
from .plan import Cell, Plan, Stage
from .store import Record, Store
from .supervise import work


@dataclass(frozen=True)
class Progress:
    """A stage that has just ended: how, and how far the run is.

    Parameters
    ----------
    stage : Stage
    record : Record or None
        None where a stage before it did not succeed, so that it was skipped.
    reused : bool
        Whether the record was there already.
    done, total : int
        Stages ended so far, and in all.
    """

    stage: Stage
    record: Record | None
    reused: bool
    done: int
    total: int


@dataclass
class Outcome:
    """What a run did.

    Parameters
    ----------
    records : dict
        The records of all stages of the plan that have one, by key.
    computed, reused : Counter
        How many stages of each kind were computed, or found in the store.
    """

    records: dict[str, Record] = field(default_factory=dict)
    computed: Counter[str] = field(default_factory=Counter)
    reused: Counter[str] = field(default_factory=Counter)


class InlineExecutor(Executor):
    """Runs each task at once, in this process; the default of `run`."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a task and return its finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def run(
    plan: Plan,
    store: Store,
    *,
    executor: Executor | None = None,
    listen: Callable[[Progress], None] = lambda progress: None,
    retry: Collection[str] = (),
) -> Outcome:
    """Compute what the store does not hold yet, and note the cells of the plan.

    Parameters
    ----------
    plan : Plan
    store : Store
    executor : concurrent.futures.Executor, optional
        Where stages run; by default one after the other in this process.
    listen : callable
        Is told of each stage that ends.
    retry : collection of str
        Statuses, such as ``failed``, whose stages are computed again.
    """
    outcome = Outcome()
    executor = executor or InlineExecutor()
    waiting = dict(plan.stages)
    running: dict[Future[Record], Stage] = {}
    ended: set[str] = set()
    open_cells = _CellsByStage(plan.cells)
    for cell in open_cells.blocked:
        note_cell(plan, cell, store)

    def end(stage: Stage, record: Record | None, reused: bool = False) -> None:
        ended.add(stage.key)
        if record is not None:
            outcome.records[stage.key] = record
            (outcome.reused if reused else outcome.computed)[stage.kind] += 1
        for cell in open_cells.finished_by(stage.key):
            note_cell(plan, cell, store)
        listen(Progress(stage, record, reused, len(ended), len(plan.stages)))

    while waiting or running:
        for stage in [each for each in waiting.values() if ended.issuperset(each.parents)]:
            del waiting[stage.key]
            kept = _kept(stage, store, retry)
            parents = [outcome.records.get(key) for key in stage.parents]
            if not all(parent is not None and parent.ok for parent in parents):
                end(stage, None)
            elif kept is not None:
                end(stage, kept, reused=True)
            else:
                future = executor.submit(work, stage, plan.dataset, store)
                running[future] = stage
                if future.done():
                    break  # finished inline: what it made ready goes first, so that memory and results flow
        for future in wait(running, return_when=FIRST_COMPLETED).done if running else ():
            end(running.pop(future), future.result())
    return outcome


class _CellsByStage:
    """Tells which cells are complete once a stage has ended."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.blocked = [cell for cell in cells if cell.blocked]
        self._left: dict[int, set[str]] = {}
        self._users: defaultdict[str, list[tuple[int, Cell]]] = defaultdict(list)
        for number, cell in enumerate(cells):
            if not cell.blocked:
                self._left[number] = {
                    cell.encode,
                    cell.cluster,
                    *(score.key for score in cell.scores.values()),
                }
                for key in self._left[number]:
                    self._users[key].append((number, cell))

    def finished_by(self, key: str) -> Iterator[Cell]:
        """Yield the cells for which this was the last stage."""
        for number, cell in self._users.pop(key, ()):
            self._left[number].discard(key)
            if not self._left[number]:
                yield cell


def _kept(stage: Stage, store: Store, retry: Collection[str]) -> Record | None:
    record = store.get(stage.key)
    if record is None or record.status in retry:
        return None
    if not all(store.has_array(digest) for digest in record.arrays.values()):
        return None
    return None if stage.soft and not record.values.get("soft") else record


def note_cell(plan: Plan, cell: Cell, store: Store) -> None:
    """Note in the store which stages make this cell, so that boards can be drawn from the store alone."""
    data = plan.dataset
    seeds = [cell.encoder_seed, cell.clusterer_seed]
    facts = {
        "dataset": data.name,
        "digest": data.digest,
        "protocol": plan.protocol,
        "encoder": cell.encoder,
        "clusterer": cell.clusterer,
        "k": cell.k,
        "seeds": seeds,
    }
    identity = fingerprint.digest(facts)
    body = {
        **facts,
        "variant": cell.variant,
        "encode": cell.encode,
        "cluster": cell.cluster,
        "scores": {name: asdict(score) for name, score in cell.scores.items()},
        "blocked": cell.blocked,
        "noted": datetime.now(UTC).isoformat(timespec="seconds"),
        "data": {
            "samples": data.n_samples,
            "features": data.n_features,
            "classes": data.n_classes,
            "image_shape": data.image_shape,
            "n_train": data.n_train,
            "truth": data.truth_digest,
            "scaling": data.scaling,
            "licence": data.licence,
        },
    }
    store.put_cell(identity, f"{data.name}.{plan.protocol}", body)
