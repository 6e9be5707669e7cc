"""Estimate the time left from earlier stages of the same plugin."""

from __future__ import annotations

import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable

from ..core.choices import STAGE_KINDS
from ..core.events import Progress
from ..core.plan import Stage
from .expected_times import duration
from .forecast import Forecast

Group = tuple[str, str, bool]  # kind, plugin, and whether only one runs at a time
GRACE = 5.0  # seconds by which an estimate may be exceeded before it is withdrawn


class Estimate:
    """The estimated time left of a run; reused stages do not count.

    Parameters
    ----------
    expected : Forecast
        Which stages are to be computed, and what earlier ones of their plugins took.
    jobs : int or callable
        How many stages run at a time; a function where machines come and go.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        expected: Forecast,
        jobs: int | Callable[[], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs, self._clock, self._earlier = jobs, clock, expected.typical
        self._groups = {stage.key: _group(stage) for stage in expected.todo if not stage.fits}
        self._todo = Counter(self._groups.values())
        self._took: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self._took_well: defaultdict[str, list[float]] = defaultdict(list)
        self._last = clock()

    def ended(self, progress: Progress) -> None:
        """Record a finished stage."""
        stage, record = progress.stage, progress.record
        self._last = self._clock()
        if stage.key in self._groups:
            self._todo[self._groups.pop(stage.key)] -= 1
        if (
            record is None or progress.reused or stage.fits
        ):  # the seconds of K selection are those of its fits
            return
        self._took[_group(stage)[:2]].append(record.seconds)
        if record.ok:
            self._took_well[stage.kind].append(record.seconds)

    def of(self, kind: str | None = None) -> float | None:
        """Return the seconds left of a kind of stage, or of all; None if unknown."""
        alone = together = 0.0
        number = 0
        for group, count in self._todo.items():
            if not count or kind not in (None, group[0]):
                continue
            seconds = self._typical(*group[:2])
            if seconds is None:
                return None
            if group[2]:
                alone += count * seconds
            else:
                together += count * seconds
                number += count
        jobs = self._jobs if isinstance(self._jobs, int) else self._jobs()
        return alone + together / max(1, min(jobs, number))

    def left(self, kind: str | None = None) -> float | None:
        """Return the seconds until a kind, or all, has finished, counting down; None if unknown or wrong.

        What is counted down is that of the kinds one after the other, as it is not told which are running.
        """
        expected = self.of(kind)
        since = self._clock() - self._last
        if kind is not None:
            since = max(
                0.0, since - sum(self.of(before) or 0.0 for before in STAGE_KINDS[: STAGE_KINDS.index(kind)])
            )
        if expected is None or since > expected + GRACE:
            return None
        return max(0.0, expected - since)

    def _typical(self, kind: str, plugin: str) -> float | None:
        """Return a stage's typical seconds: of its plugin, now or earlier, else of its kind in this run."""
        here = self._took.get((kind, plugin))
        if here:
            return statistics.fmean(here)
        others = self._took_well.get(kind)
        return self._earlier.get((kind, plugin), statistics.fmean(others) if others else None)


def _group(stage: Stage) -> Group:
    return stage.kind, stage.facts["code"]["plugin"], stage.accelerated


def time_left(seconds: float | None) -> str:
    """Format the time left, or nothing if unknown."""
    if seconds is None:
        return ""
    return f"about {duration(seconds)} left" if seconds >= 1 else "under 1 s left"
