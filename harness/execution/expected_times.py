"""Expected seconds of stages: from earlier ones of their plugin, else from the speed of this machine."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import psutil

from ..core import cost
from ..core.counts import counted
from ..core.limits import Limits
from ..core.plan import Stage
from ..core.record import Record

Kind = tuple[str, str]  # kind of stage, and plugin
SLOWEST = 1e9  # operations per second that any machine has: below, its speed is not measured
BRIEF = 1.0  # seconds: a stage that surely takes less is not worth a measurement
STEADY = 0.1  # seconds of an earlier stage from which its time says something about longer ones
LONG = 60.0  # seconds from which stages are named before a run


class ExpectedTimes:
    """What stages are expected to take.

    A stage whose plugin tells its cost takes as long per operation as the median of earlier ones of the
    plugin, or of the machine if there are none that took long enough. A stage of another plugin takes as
    long as the median of its earlier ones.

    Parameters
    ----------
    records : iterable of Record
        Earlier stages.
    todo : iterable of Stage
        Those to come; of the stages that one call computes, each takes its share.
    speed : callable
        Returns the operations per second of one thread; called only if a stage may be long.
    """

    def __init__(
        self, records: Iterable[Record], todo: Iterable[Stage], speed: Callable[[], float] = cost.speed
    ) -> None:
        seconds: defaultdict[Kind, list[float]] = defaultdict(list)
        paces: defaultdict[Kind, list[float]] = defaultdict(list)
        for record in records:
            if record.ok:
                each = record.kind, record.facts["code"]["plugin"]
                seconds[each].append(record.seconds)
                if record.operations and record.seconds >= STEADY:
                    paces[each].append(record.seconds / record.operations)
        self.typical = {each: statistics.median(known) for each, known in seconds.items()}
        self._paces = {each: statistics.median(known) for each, known in paces.items()}
        self._speed = speed
        self._sharing = Counter(stage.batch for stage in todo if stage.shares)

    def of(self, stage: Stage) -> float | None:
        """Return the seconds of a stage, or its share of a call; None if unknown."""
        whole = self.of_call(stage)
        return None if whole is None else whole / self._calls(stage)

    def of_call(self, stage: Stage) -> float | None:
        """Return the seconds of the call that computes a stage, and others with it if work is shared."""
        kind = stage.kind, stage.facts["code"]["plugin"]
        known = self.typical.get(kind)
        if stage.fits:  # its records have the times of its fits, which are stages of their own
            return self._by_cost(stage, kind, {}) if stage.cost else (None if known is None else 0.0)
        if stage.cost is not None:
            found = self._by_cost(stage, kind, self._paces)
            if found is not None:
                return found
        return None if known is None else known * self._calls(stage)

    def _by_cost(self, stage: Stage, kind: Kind, paces: dict[Kind, float]) -> float | None:
        assert stage.cost is not None
        operations = stage.cost.operations
        if kind in paces:
            return operations * paces[kind]
        return operations / self._speed() if operations > BRIEF * SLOWEST else None

    def _calls(self, stage: Stage) -> int:
        return max(1, self._sharing[stage.batch]) if stage.shares else 1

    def long(self, todo: Iterable[Stage], limits: Limits) -> list[str]:
        """Return a line per plugin whose stages take over a minute each, or more memory than there is."""
        found: defaultdict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
        counts: Counter[str] = Counter()
        most = limits.memory or psutil.virtual_memory().total
        for stage in todo:
            seconds, memory = self.of_call(stage) or 0.0, stage.cost.memory if stage.cost else 0.0
            if seconds > LONG or memory > most:
                name = stage.plugin.name
                counts[name] += 1
                found[name][stage.batch if stage.shares else stage.key] = seconds, memory
        return [_line(name, list(calls.values()), counts[name], most) for name, calls in found.items()]


def _line(name: str, calls: list[tuple[float, float]], stages: int, most: float) -> str:
    seconds, memory = (max(values) for values in zip(*calls, strict=True))
    low = min(each for each, _ in calls)
    told = []
    if seconds > LONG:
        how = "about" if duration(low) == duration(seconds) else "up to"
        together = f"in {counted(len(calls), 'pass', 'passes')}"
        shared = f"{counted(stages, 'stage')} {together}" if len(calls) < stages else counted(stages, "stage")
        told += [f"{how} {duration(seconds)} a {'pass' if len(calls) < stages else 'stage'}, {shared}"]
    if memory > most:
        told += [f"needs about {memory / 2**30:,.0f} GiB of memory, of {most / 2**30:,.0f} GiB"]
    return f"{name}: {'; '.join(told)}"


def duration(seconds: float) -> str:
    """Format a time in a suitable unit.

    Examples
    --------
    >>> duration(7.4), duration(400), duration(9000)
    ('7 s', '7 min', '2.5 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
