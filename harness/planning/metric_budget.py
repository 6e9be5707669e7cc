"""Replace metrics that would exceed the budget of a stage by seeded estimates, never silently."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from ..core.cost import Cost
from ..core.counts import counted
from ..core.interfaces import MetricInfo
from ..core.spec import Spec
from ..registry.configure import Configured
from .expected_costs import Costs

if TYPE_CHECKING:
    from .pipelines import Pipelines

SLOWEST = 1e9  # operations per second that any machine has, so that its speed matters only above
SAMPLES = [digit * 10**power for power in range(3, 9) for digit in (1, 2, 5)]  # 1,000, 2,000, 5,000, ...
Shape = tuple[int, int, int]  # n, d and K
Scored = tuple[Configured, MetricInfo]


class MetricBudget:
    """The metrics that fit a budget of seconds per stage.

    A metric whose expected time exceeds it is replaced by the metric that estimates it, with the largest
    sample of `SAMPLES` that fits: its name on leaderboards and in keys has the size of the sample. The
    machine's speed is measured once for a store, and rounded to a power of 2, so that noise seldom changes
    the choice. If it does, the name differs.

    Parameters
    ----------
    seconds : float
        0 for no budget.
    costs : Costs
    pipelines : Pipelines
    """

    def __init__(self, seconds: float, costs: Costs, pipelines: Pipelines) -> None:
        self.seconds, self.costs, self.pipelines = seconds, costs, pipelines
        self._found: dict[tuple[str, Shape], Scored] = {}
        self._told: defaultdict[str, list[str]] = defaultdict(list)

    @property
    def notes(self) -> list[str]:
        """What was estimated and for which encoders, and how to get the exact value."""
        return [f"{text} ({', '.join(names)})." for text, names in self._told.items()]

    def within(self, metric: Configured, info: MetricInfo, shape: Shape, encoder: str) -> Scored:
        """Return a metric, or its estimate; for one encoder that is the same for all clusterers."""
        if not self.seconds:
            return metric, info
        asked = (metric.label, shape)
        if asked not in self._found:
            self._found[asked] = self._estimate(metric, shape) or (metric, info)
        found = self._found[asked]
        if found[0] is not metric:
            self._tell(metric, found[0], shape, encoder)
        return found

    def _estimate(self, metric: Configured, shape: Shape) -> Scored | None:
        cost = self.costs.of(metric, *shape)
        if cost is None or cost.operations < self.seconds * SLOWEST or metric.label != metric.plugin.name:
            return None
        if self._takes(cost) <= self.seconds:
            return None
        estimates = self.pipelines.estimates_of(metric.plugin.name)
        fitting = None
        for sample in SAMPLES:
            found = estimates and self.pipelines.metric(Spec(estimates, (), (("sample", sample),)))
            cost = self.costs.of(found[0], *shape) if found else None
            if not found or cost is None or sample >= shape[0]:
                break
            if fitting is not None and self._takes(cost) > self.seconds:
                break
            fitting = found  # the smallest in any case
        return fitting

    def _takes(self, cost: Cost) -> float:
        """Return the seconds of a stage, by the rounded speed."""
        return cost.operations / 2 ** round(math.log2(self.pipelines.host.speed()))

    def _tell(self, metric: Configured, estimate: Configured, shape: Shape, encoder: str) -> None:
        sample = estimate.params["sample"]
        text = (
            f"{metric.label} would take more than {self.seconds:g} s per stage, so it is estimated from "
            f"{counted(sample, 'row')} of {shape[0]:,} as {estimate.label}; for the exact value give "
            "--budget 0"
        )
        if encoder not in self._told[text]:
            self._told[text].append(encoder)
