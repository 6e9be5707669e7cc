"""Stages of a plan: each with everything that can change its result, after the stages it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..core import hashing
from ..core.cell import Score
from ..core.choices import StageKind
from ..core.interfaces import Dataset, MetricInfo
from ..core.plan import SAMPLE, Stage
from ..core.protocols import PROTOCOLS, Part
from ..registry.configure import Configured
from ..registry.frameworks import frameworks
from . import cache_keys
from .expected_costs import Costs

SHARED = 1_000  # rows from which waiting for other scores of the same embedding and seed pays
MANY = 5_000  # rows from which waiting for scores of other seeds pays; below, most scores are fast


class Stages:
    """The stages on one dataset under one protocol, each once, in an executable order."""

    def __init__(self, dataset: Dataset, protocol: str, soft: bool, threads: int, costs: Costs) -> None:
        self.dataset, self.soft, self.threads, self.costs = dataset, soft, threads, costs
        self.fitted, self.scored = PROTOCOLS[protocol]
        self.found: dict[str, Stage] = {}
        self.widths: dict[str, int] = {}  # expected features of the embeddings, by the key of their stage
        self.ks: dict[str, int] = {}  # expected clusters, by the key of the stage of a clusterer

    def encode(
        self, steps: Sequence[Configured], seed: int | None, path: str = "", last: Stage | None = None
    ) -> dict[str, Stage]:
        """Return the stages of a chain of encoders, each by its name with its predecessors, the end last."""
        stages: dict[str, Stage] = {}
        n, k = self._count(self.fitted), typical_k(self.dataset)
        for step in steps:
            ends = [last] if last else []
            if step.parts:
                made = [self.encode(part, seed, path, last) for part in step.parts]
                ends = [[*each.values()][-1] for each in made]
                stages |= {name: stage for each in made for name, stage in each.items()}
            parents = tuple(end.key for end in ends)
            before = f"{last.label.removeprefix('encode ')}+" if last else ""
            facts = {"stage": "encode", **cache_keys.facts(step, seed)}
            facts |= {"dataset": self.dataset.digest, "rows": self.fitted, "after": list(parents)}
            label = f"encode {before}{step.label}{_seed(seed, step.seeded)}"
            d = sum(self.widths[end.key] for end in ends) if ends else self.dataset.n_features
            last = self._add("encode", label, step, seed, facts, parents, shape=(d, k))
            self.widths[last.key] = self.costs.width(step, n, d, k)
            path += f"+{step.label}"
            stages[path] = last
        return stages

    def cluster(
        self, step: Configured, seed: int | None, encode: Stage, sweep: list[tuple[int, Configured]]
    ) -> Stage:
        """Return the stage of a clusterer, after its candidate fits."""
        fits = []
        for k, candidate in sweep:
            fits.append((k, self.cluster(candidate, seed if candidate.seeded else None, encode, []).key))
        parents = (encode.key, *(key for _, key in fits))
        facts = {"stage": "cluster", **cache_keys.facts(step, seed), "after": list(parents)}
        if fits:
            facts["fits"] = [k for k, _ in fits]
        label = f"cluster {encode.label.removeprefix('encode ')} by {step.label}{_seed(seed, step.seeded)}"
        k = step.k_value if isinstance(step.k_value, int) else typical_k(self.dataset)
        shape = (self.widths[encode.key], k)
        made = self._add("cluster", label, step, seed, facts, parents, tuple(fits), shape=shape)
        self.ks[made.key] = k
        return made

    def score(self, metric: Configured, info: MetricInfo, cluster: Stage, encode: Stage) -> Score:
        """Return the score of a clusterer's labels by a metric."""
        needs = info.needs
        code = cache_keys.facts(metric)
        facts = {"stage": "score", **code, "after": [cluster.key], "rows": self.scored}
        if "truth" in needs:
            facts["truth"] = self.dataset.truth_digest
        n = self._count(self.scored)
        if "embedding" in needs and n > SAMPLE and not info.all_rows:
            facts["sample"] = SAMPLE
        shares = info.together and n > SHARED
        batch = ""
        if shares:
            turn = max(encode.seed or 0, cluster.seed or 0) if n <= MANY else 0
            batch = hashing.digest({**code, "of": encode.key, "turn": turn})
        elif n <= MANY:  # to send each alone would take longer than to compute it
            batch = f"{cluster.key} {frameworks(metric.plugin)}"
        label = f"score {cluster.label.removeprefix('cluster ')}: {metric.label}"
        parents, shape = (cluster.key, encode.key), (self.widths[encode.key], self.ks[cluster.key])
        stage = self._add("score", label, metric, None, facts, parents, (), batch, shares, shape)
        return Score(stage.key, hashing.digest(code), info.direction, needs)

    def _count(self, part: Part) -> int:
        rows = self.dataset.rows(part)
        count: int = rows.stop - rows.start
        return count

    def _add(
        self,
        kind: StageKind,
        label: str,
        step: Configured,
        seed: int | None,
        facts: Mapping[str, Any],
        parents: tuple[str, ...],
        fits: tuple[tuple[int, str], ...] = (),
        batch: str = "",
        shares: bool = False,
        shape: tuple[int, int] = (1, 1),  # features and clusters, of which the cost is expected
    ) -> Stage:
        soft = self.soft and kind == "cluster"
        if self.threads > 1:  # sums are then taken in another order, which can change results
            facts = {**facts, "threads": self.threads}
        params = step.for_seed(seed)
        rows = (self.fitted, self.scored)
        of = seed if step.seeded else None
        cost = self.costs.of(step, self._count(self.scored if kind == "score" else self.fitted), *shape)
        stage = Stage(
            *(kind, label, step.plugin, params, facts, *rows, parents, soft, fits, of, batch, shares, cost),
            on_workers=step.on_workers,
        )
        return self.found.setdefault(stage.key, stage)


def typical_k(dataset: Dataset) -> int:
    """Return the number of clusters that costs are told for if it is not given."""
    return dataset.n_classes or 10


def _seed(seed: int | None, seeded: bool) -> str:
    return f" seed {seed}" if seeded and seed is not None else ""
