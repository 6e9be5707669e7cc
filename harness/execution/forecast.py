"""Forecast of a run: stages to compute, why, and their expected time and memory."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..core.limits import Limits
from ..core.plan import Plan, Stage
from ..planning import cache_keys
from ..store.store import Store
from .expected_times import ExpectedTimes
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
        What the stages to compute of each kind are expected to take, one after the other; see
        `ExpectedTimes`.
    short : Counter
        How many others of each kind surely take less than a second each.
    unknown : Counter
        How many of each kind tell no cost and have no earlier stage to go by.
    memory : int
        Most bytes that an earlier stage of these plugins had resident; 0 where unknown.
    typical : dict
        Expected seconds of a stage to compute, or the median of earlier ones, by kind and plugin.
    long : list of str
        A line per plugin whose stages take over a minute, or more memory than there is.
    """

    todo: list[Stage] = field(default_factory=list)
    reused: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    short: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    memory: int = 0
    typical: dict[tuple[str, str], float] = field(default_factory=dict)
    long: list[str] = field(default_factory=list)


def forecast(plan: Plan, store: Store, retry: Collection[str] = (), limits: Limits | None = None) -> Forecast:
    """Forecast a plan, using only the store."""
    limits = limits or Limits()
    stages = plan.stages.values()
    todo = [stage for stage in stages if kept(stage, store.get(stage.key), store, retry, limits) is None]
    wanted = {stage.key for stage in todo}
    reused: Counter[str] = Counter(stage.kind for stage in stages if stage.key not in wanted)
    if not todo:  # avoid reading a store with many unrelated records
        return Forecast(todo, reused)
    records = [record for record in store.records() if record.ok]
    times = ExpectedTimes(records, todo)
    largest: dict[tuple[str, str], int] = {}
    for record in records:
        each = record.kind, record.facts["code"]["plugin"]
        largest[each] = max(largest.get(each, 0), record.memory)
    seconds: defaultdict[str, float] = defaultdict(float)
    short: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    known: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for stage in todo:
        expected, same = times.of(stage), (stage.kind, stage.facts["code"]["plugin"])
        if expected is None:
            (unknown if stage.cost is None else short)[stage.kind] += 1
        else:
            seconds[stage.kind] += expected
            known[same] += [] if stage.fits else [expected]
    typical = {**times.typical, **{each: statistics.fmean(some) for each, some in known.items() if some}}
    kinds = {(stage.kind, stage.facts["code"]["plugin"]) for stage in todo}
    memory = max((largest.get(each, 0) for each in kinds), default=0)
    return Forecast(todo, reused, dict(seconds), short, unknown, memory, typical, times.long(todo, limits))


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
