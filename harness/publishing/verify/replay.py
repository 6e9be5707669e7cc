"""Rerun published cells on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...core.cell import CellRecord
from ...core.errors import HarnessError, NotApplicable
from ...core.events import Outcome, Progress
from ...core.executor import StageExecutor
from ...core.interfaces import Dataset, Floats
from ...core.plan import Plan
from ...core.plugin import Kind, Plugin
from ...core.record import Record
from ...core.seeds import unseeded
from ...core.spec import parse, step_names
from ...execution.runner import run
from ...planning.planner import make_plan
from ...planning.request import Request
from ...registry.loading import unavailable_reason
from ...registry.registry import Registry
from ...store.store import Store
from ..npz import shown


class Replay:
    """Rerun cells of a board, in a separate store.

    Code named by the folder is never loaded, only plugins known here by name.

    Parameters
    ----------
    data : Dataset
    registry : Registry
    store : Store
    executor : StageExecutor
        Where stages run.
    listen : callable
        Called for each finished stage.
    """

    def __init__(
        self,
        data: Dataset,
        registry: Registry,
        store: Store,
        executor: StageExecutor,
        listen: Callable[[Progress], None] = lambda progress: None,
    ) -> None:
        self.data, self.registry, self.store, self.executor = data, registry, store, executor
        self.listen = listen

    def run(self, cell: CellRecord, records: Mapping[str, Record]) -> tuple[CellRecord, Outcome]:
        """Rerun a cell, and return it with the records of its stages.

        Raises
        ------
        NotApplicable
            If it cannot be run here.
        """
        plan, planned = self._planned(cell, records)
        return planned, self._run(plan, planned, planned.keys)

    def embedding(self, cell: CellRecord, records: Mapping[str, Record]) -> tuple[Floats, str] | None:
        """Recompute the embedding of a cell's scored rows, with its digest; None if that fails."""
        try:
            plan, planned = self._planned(cell, records)
        except NotApplicable:
            return None
        done = self._run(plan, planned, planned.steps).records.get(planned.encode)
        digest = done.arrays.get(cell.part) if done is not None and done.ok else None
        if digest is None or digest.startswith("="):
            return None
        return self.store.arrays.get(digest), digest

    def _planned(self, cell: CellRecord, records: Mapping[str, Record]) -> tuple[Plan, CellRecord]:
        refused = refusal(cell, self.registry)
        if refused:
            raise NotApplicable(refused)
        encoder, clusterer = cell.expanded
        fits = [records[key] for key in cell.fits if key in records]
        device: Any = next((fit.facts["device"] for fit in fits if fit.facts["device"] != "cpu"), "cpu")
        k = given_k(cell)
        known = [name for name in cell.scores if metric_named(name, self.registry) is not None]
        names = [encoder], [clusterer], known
        encoder_seed, clusterer_seed = (seed or 0 for seed in cell.seeds)
        pairs, known_as = [(encoder_seed, clusterer_seed)], unseeded_in([cell], records)
        request = Request(
            *names, n_clusters=k, device=device, pairs=pairs, unseeded=known_as, metric_budget=0
        )
        try:
            plan = make_plan(self.data, cell.protocol, request, self.registry, self.executor)
        except HarnessError as error:
            raise NotApplicable(str(error)) from None
        for planned in plan.cells:
            if planned.seeds == cell.seeds and not planned.blocked:
                return plan, planned
        blocked = next(
            (planned.blocked[1] for planned in plan.cells if planned.blocked), "its seeds do not occur here"
        )
        raise NotApplicable(blocked)

    def _run(self, plan: Plan, planned: CellRecord, keys: tuple[str, ...]) -> Outcome:
        """Run some stages of a plan, and the stages they need."""
        wanted, waiting = set[str](), list(keys)
        while waiting:
            key = waiting.pop()
            if key not in wanted:
                wanted.add(key)
                waiting += plan.stages[key].parents
        found = {key: stage for key, stage in plan.stages.items() if key in wanted}
        stages = {key: replace(stage, batch="", shares=False) for key, stage in found.items()}
        part = replace(plan, stages=stages, cells=[planned] if set(keys) == set(planned.keys) else [])
        return run(part, self.store, executor=self.executor, listen=self.listen)


def labels_of(cell: CellRecord) -> Iterator[tuple[Kind, str]]:
    """Yield each encoder of a cell's chain, then the clusterer, with their parameters."""
    encoder, clusterer = cell.expanded
    yield from (("encoder", label) for label in step_names(encoder))
    yield "clusterer", clusterer


def unseeded_in(cells: Iterable[CellRecord], records: Mapping[str, Record]) -> set[str]:
    """Return the encoders and clusterers of some cells without a seed to set, but one run per seed."""
    return {
        label
        for cell in cells
        for (_, label), key in zip(labels_of(cell), cell.fits, strict=False)
        if key in records and unseeded(records[key].facts)
    }


def refusal(cell: CellRecord, registry: Registry) -> str:
    """Return which plugin of a cell is unknown here, if any."""
    for kind, label in labels_of(cell):
        try:
            name = parse(label).name
        except HarnessError:
            name = label
        plugin = registry.plugins.get((kind, name))
        if plugin is None and ":" in name:
            return f"{kind} {shown(name)} is an import path: it is loaded only if named with --plugin"
        if plugin is None:
            return f"no {kind} is named {shown(name)} here (of a file: --plugin FILE)"
        if unavailable_reason(plugin) is not None:
            return f"{name}: {unavailable_reason(plugin)}"
    return ""


def metric_named(name: str, registry: Registry) -> Plugin | None:
    """Return a metric known here by name, never one at a path named by a folder."""
    return registry.plugins.get(("metric", name.partition("(")[0]))


def given_k(cell: CellRecord) -> int | None:
    """Return the reported given K of a row."""
    number = cell.k.removesuffix(" given")
    return int(number) if number != cell.k and number.isdecimal() else None
