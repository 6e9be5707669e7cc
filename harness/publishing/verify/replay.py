"""Running published cells again on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...core.cell import scored_part
from ...core.errors import HarnessError, NotApplicable
from ...core.events import Outcome, Progress
from ...core.executor import StageExecutor
from ...core.interfaces import Dataset, Floats
from ...core.plan import Cell, Plan, Request
from ...core.plugin import Kind, Plugin
from ...core.record import Record
from ...core.spec import parse, split_chain
from ...execution.runner import run
from ...planning.planner import make_plan
from ...registry.loading import unavailable_reason
from ...registry.registry import Registry
from ...store.store import Store
from ..npz import shown

Body = Mapping[str, Any]


class Replay:
    """Runs cells of a board again, in a store of its own.

    No code is loaded that the folder names: only plugins that are known here by their name.

    Parameters
    ----------
    data : Dataset
    registry : Registry
    store : Store
    executor : StageExecutor
        Where stages run.
    listen : callable
        Is told of each stage that ends.
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

    def run(self, body: Body, records: Mapping[str, Record]) -> tuple[Cell, Outcome]:
        """Compute a cell again, and return it with the records of its stages.

        Raises
        ------
        NotApplicable
            When it cannot be run here, and why.
        """
        plan, cell = self._planned(body, records)
        return cell, self._run(plan, cell, cell.keys)

    def embedding(self, body: Body, records: Mapping[str, Record]) -> Floats | None:
        """Compute the embedding of a cell again, of the rows that are scored; None where that fails."""
        try:
            plan, cell = self._planned(body, records)
        except NotApplicable:
            return None
        done = self._run(plan, cell, cell.steps).records.get(cell.encode)
        digest = done.arrays.get(scored_part(body["protocol"])) if done is not None and done.ok else None
        if digest is None or digest.startswith("="):
            return None
        found: Floats = self.store.arrays.get(digest)
        return found

    def _planned(self, body: Body, records: Mapping[str, Record]) -> tuple[Plan, Cell]:
        refused = refusal(body, self.registry)
        if refused:
            raise NotApplicable(refused)
        encoder, clusterer = specs(body)
        fits = [records[key] for key in (*body["steps"], body["cluster"]) if key in records]
        device = next((fit.facts["device"] for fit in fits if fit.facts["device"] != "cpu"), "cpu")
        k = given_k(body)
        known = [name for name in body["scores"] if metric_named(name, self.registry) is not None]
        names = [encoder], [clusterer], known
        encoder_seed, clusterer_seed = (seed or 0 for seed in body["seeds"])
        request = Request(*names, n_clusters=k, device=device, pairs=[(encoder_seed, clusterer_seed)])
        try:
            plan = make_plan(self.data, body["protocol"], request, self.registry, self.executor)
        except HarnessError as error:
            raise NotApplicable(str(error)) from None
        for cell in plan.cells:
            if [cell.encoder_seed, cell.clusterer_seed] == list(body["seeds"]) and not cell.blocked:
                return plan, cell
        blocked = next(
            (cell.blocked[1] for cell in plan.cells if cell.blocked), "its seeds do not occur here"
        )
        raise NotApplicable(blocked)

    def _run(self, plan: Plan, cell: Cell, keys: tuple[str, ...]) -> Outcome:
        """Run some stages of a plan, and those that they need."""
        wanted, waiting = set[str](), list(keys)
        while waiting:
            key = waiting.pop()
            if key not in wanted:
                wanted.add(key)
                waiting += plan.stages[key].parents
        stages = {key: replace(stage, batch="") for key, stage in plan.stages.items() if key in wanted}
        part = replace(plan, stages=stages, cells=[cell] if set(keys) == set(cell.keys) else [])
        return run(part, self.store, executor=self.executor, listen=self.listen)


def labels_of(body: Body) -> Iterator[tuple[Kind, str]]:
    """Yield what a cell is made of: each encoder of its chain, then the clusterer, with their parameters."""
    encoder, clusterer = specs(body)
    yield from (("encoder", label) for label in split_chain(encoder))
    yield "clusterer", clusterer


def refusal(body: Body, registry: Registry) -> str:
    """Say which plugin of a cell is not known here, if one is not."""
    for kind, label in labels_of(body):
        try:
            name = parse(label).name
        except HarnessError:
            name = label
        plugin = registry.plugins.get((kind, name))
        if plugin is None:
            return f"no {kind} is named {shown(name)} here"
        if unavailable_reason(plugin) is not None:
            return f"{name}: {unavailable_reason(plugin)}"
    return ""


def metric_named(name: str, registry: Registry) -> Plugin | None:
    """Return the metric of a name, if it is known here: never one at a path that a folder names."""
    return registry.plugins.get(("metric", name.partition("(")[0]))


def given_k(body: Body) -> int | None:
    """Return the K that a row says it was given."""
    number = body["k"].removesuffix(" given")
    return int(number) if number != body["k"] and number.isdecimal() else None


def specs(body: Body) -> tuple[str, str]:
    """Return what encoder and clusterer are, where their names on the board are aliases."""
    written = body.get("specs") or ("", "")
    return written[0] or body["encoder"], written[1] or body["clusterer"]
