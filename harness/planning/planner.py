"""Plan a request: combinations, their parameters and seeds, and cells that cannot run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from ..core import hashing
from ..core.cell import CellRecord, DataFacts
from ..core.executor import PluginHost
from ..core.interfaces import Dataset, MetricInfo
from ..core.plan import DEFAULT_SEEDS, Plan
from ..core.protocols import PROTOCOLS
from ..registry.configure import Configured
from ..registry.in_process import InProcess
from ..registry.registry import Registry
from . import cache_keys
from .expected_costs import Costs
from .metric_budget import MetricBudget
from .pipelines import Blocked, Pipelines, label_of, nested_facts
from .request import Request
from .stages import Stages, typical_k


def make_plan(
    dataset: Dataset, protocol: str, request: Request, registry: Registry, host: PluginHost | None = None
) -> Plan:
    """Plan every combination of the request on one dataset under one protocol.

    Parameters
    ----------
    dataset : Dataset
    protocol : {"train-test", "train", "test", "full"}
    request : Request
    registry : Registry
    host : PluginHost, optional
        Loads plugins whose modules import a framework (default: this process).

    Raises
    ------
    UnknownName, BadParameter
        If the request names something unknown, or an impossible parameter.
    DataError
        If the dataset has no split and the protocol needs one.
    """
    return _Planner(dataset, protocol, request, registry, host or InProcess()).plan()


class _Planner:
    def __init__(
        self, dataset: Dataset, protocol: str, request: Request, registry: Registry, host: PluginHost
    ) -> None:
        self.dataset, self.protocol, self.request = dataset, protocol, request
        self.fitted, self.scored = PROTOCOLS[protocol]
        dataset.rows(self.fitted)
        self.pipelines = Pipelines(dataset, protocol, request, registry, host)
        self.costs = Costs(registry)
        self.stages = Stages(dataset, protocol, request.soft, request.threads, self.costs)
        self.budget = MetricBudget(request.metric_budget or 0, self.costs, self.pipelines)
        self.data_facts = DataFacts.of(dataset)

    def plan(self) -> Plan:
        encoders, clusterers = self.pipelines.encoders(), self.pipelines.clusterers()
        metrics = list(self.pipelines.metrics())
        seeds = self.request.seeds or DEFAULT_SEEDS
        crossed = self.request.crossed
        drawn = list(self.request.pairs) or _pairs(crossed, seeds, self.request.first_seed or 0)
        cells = [
            replace(cell, encoder=shown, clusterer=called, specs=cell.row[:2])
            for shown, encoder in encoders.items()
            for called, clusterer in clusterers.items()
            for cell in self._cells(encoder, clusterer, metrics, drawn)
        ]
        return Plan(
            self.dataset,
            self.protocol,
            self.stages.found,
            cells,
            max(crossed) if crossed else seeds,
            [*self.pipelines.notes, *self.costs.notes, *self.budget.notes],
            self.pipelines.set_here,
        )

    def _cells(
        self,
        encoder: list[Configured] | Blocked,
        clusterer: Configured | Blocked,
        metrics: list[tuple[Configured, MetricInfo]],
        drawn: Sequence[tuple[int, int]],
    ) -> Iterator[CellRecord]:
        if isinstance(encoder, Blocked):
            yield self._cell(encoder, clusterer, **encoder.facts)
            return
        if isinstance(clusterer, Blocked):
            yield self._cell(encoder, clusterer, **clusterer.facts)
            return
        transductive = self.fitted != self.scored and self._transductive(encoder, clusterer)
        if transductive:
            yield self._cell(encoder, clusterer, k=_k(clusterer), blocked=("not-applicable", transductive))
            return
        sweep = self.pipelines.sweep(clusterer)
        if isinstance(sweep, Blocked):
            yield self._cell(encoder, clusterer, **sweep.facts)
            return
        all_steps = [each for step in encoder for each in step.all]
        variant = hashing.digest(
            {
                "encoder": [nested_facts(step) for step in encoder],
                "clusterer": cache_keys.facts(clusterer),
                "fits": [cache_keys.facts(candidate) for _, candidate in sweep],
            }
        )
        known = [*all_steps, clusterer, *(candidate for _, candidate in sweep)]
        prior = tuple(dict.fromkeys(each for step in known for each in step.prior))
        random_encoder = any(step.seeded for step in all_steps)
        random_clusterer = any(step.seeded for step in (clusterer, *(fit for _, fit in sweep)))
        pairs = ((e if random_encoder else None, c if random_clusterer else None) for e, c in drawn)
        metrics = self._affordable(encoder, metrics)
        for encoder_seed, clusterer_seed in dict.fromkeys(pairs):
            steps = self.stages.encode(encoder, encoder_seed)
            encode = [*steps.values()][-1]
            cluster = self.stages.cluster(clusterer, clusterer_seed, encode, sweep)
            scores = {
                metric.label: self.stages.score(metric, info, cluster, encode) for metric, info in metrics
            }
            yield self._cell(
                encoder,
                clusterer,
                k=_k(clusterer),
                seeds=(encoder_seed, clusterer_seed),
                variant=variant,
                steps=tuple(step.key for step in steps.values()),
                cluster=cluster.key,
                scores=scores,
                prior=prior,
            )

    def _affordable(
        self, encoder: list[Configured], metrics: list[tuple[Configured, MetricInfo]]
    ) -> list[tuple[Configured, MetricInfo]]:
        """Return the metrics, with an estimate in place of each that exceeds the budget."""
        rows, k = self.dataset.rows(self.scored), self.request.n_clusters or typical_k(self.dataset)
        n = rows.stop - rows.start
        shape = (n, self.costs.width_of_chain(encoder, n, self.dataset.n_features, k), k)
        return [self.budget.within(metric, info, shape, label_of(encoder)) for metric, info in metrics]

    def _cell(
        self, encoder: list[Configured] | Blocked, clusterer: Configured | Blocked, **facts: Any
    ) -> CellRecord:
        data = self.dataset
        return CellRecord(
            data.name,
            data.digest,
            self.protocol,
            self.data_facts,
            label_of(encoder),
            label_of(clusterer),
            settings=self.request.settings or "",
            **facts,
        )

    def _transductive(self, encoder: list[Configured], clusterer: Configured) -> str:
        """Return why a pair cannot run if other rows are scored than fitted, or nothing."""
        if all(each.inductive for step in (*encoder, clusterer) for each in step.all):
            return ""
        what = "clusterer cannot label" if not clusterer.inductive else "encoder cannot embed"
        return f"the {what} rows that it was not fitted on; use --protocol full, train or test"


def _pairs(crossed: tuple[int, int] | None, seeds: int, first: int) -> list[tuple[int, int]]:
    """Return the seeds of encoder and clusterer of each run."""
    if crossed is None:
        return [(seed, seed) for seed in range(first, first + seeds)]
    encoders, clusterers = (range(first, first + count) for count in crossed)
    return list(product(encoders, clusterers))


def _k(clusterer: Configured) -> str:
    """Describe K and its origin, unless the clusterer finds it."""
    return clusterer.k if clusterer.k_value is None else f"{clusterer.k_value} {clusterer.k}"
