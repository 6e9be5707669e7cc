"""Forecast of a run: stages to compute, why, and their expected time and memory."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.limits import Limits
from ..core.plan import Plan, Stage
from ..core.record import Record
from ..planning import cache_keys
from ..store.store import Store
from .reuse import kept


@dataclass(frozen=True)
class Forecast:
    """The forecast of a plan.

    Parameters
    ----------
    todo : list of Stage
        Stages to compute, in an order in which they can run.
    reused : Counter
        How many stages of each kind are in the store.
    seconds : dict
        What the stages to compute of each kind are expected to take, one after the other: the median of
        earlier stages of the same plugin.
    unknown : Counter
        How many stages of each kind have no earlier one to go by.
    memory : int
        Most bytes that an earlier stage of these plugins had resident; 0 where unknown.
    typical : dict
        Median seconds of earlier stages, by kind and plugin.
    """

    todo: list[Stage] = field(default_factory=list)
    reused: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    memory: int = 0
    typical: dict[tuple[str, str], float] = field(default_factory=dict)


def forecast(plan: Plan, store: Store, retry: Collection[str] = (), limits: Limits | None = None) -> Forecast:
    """Forecast a plan, using only the store."""
    limits = limits or Limits()
    stages = plan.stages.values()
    todo = [stage for stage in stages if kept(stage, store.get(stage.key), store, retry, limits) is None]
    wanted = {stage.key for stage in todo}
    reused: Counter[str] = Counter(stage.kind for stage in stages if stage.key not in wanted)
    if not todo:  # avoid reading a store with many unrelated records
        return Forecast(todo, reused)
    earlier: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in store.records():
        if record.ok:
            earlier[record.kind, record.facts["code"]["plugin"]].append(record)
    typical = {each: statistics.median(one.seconds for one in known) for each, known in earlier.items()}
    seconds: defaultdict[str, float] = defaultdict(float)
    unknown: Counter[str] = Counter()
    memory = 0
    for stage in todo:
        same = (stage.kind, stage.facts["code"]["plugin"])
        known = earlier.get(same)
        if known and not stage.fits:  # K selection takes no time: its fits are separate stages
            seconds[stage.kind] += typical[same]
        elif not known:
            unknown[stage.kind] += 1
        memory = max([memory, *(record.memory for record in known or ())])
    return Forecast(todo, reused, dict(seconds), unknown, memory, typical)


def explain(stages: Sequence[Stage], store: Store) -> Iterator[tuple[Stage, str]]:
    """Yield why each stage is not in the store: the differences from the most similar stored key.

    Only the first stages of a chain are explained: those after them follow.
    """
    computed = {stage.key for stage in stages}
    earlier: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for record in store.records():
        earlier[record.kind, record.facts["code"]["plugin"]].append(cache_keys.flat(record.facts))
    for stage in stages:
        if computed.isdisjoint(stage.parents):
            yield stage, _reason(stage, store, earlier.get((stage.kind, stage.facts["code"]["plugin"]), []))


def _reason(stage: Stage, store: Store, others: list[dict[str, Any]]) -> str:
    record = store.get(stage.key)
    if record is not None:
        return f"its stored record ({record.status}) is to be recomputed"
    facts = cache_keys.flat(stage.facts)
    if not others:
        return "the store has no results of this plugin"
    nearest = min((cache_keys.differences(facts, other) for other in others), key=len)
    return "; ".join(nearest) or "its record was lost"
