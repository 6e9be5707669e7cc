"""Replace metrics that would exceed the budget of a stage by seeded estimates, never silently."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ..core.cost import REFERENCE, Cost
from ..core.counts import counted
from ..core.interfaces import MetricInfo
from ..core.spec import Spec
from ..registry.configure import Configured
from .expected_costs import Costs

if TYPE_CHECKING:
    from .pipelines import Pipelines

SAMPLES = [digit * 10**power for power in range(3, 9) for digit in (1, 2, 5)]  # 1,000, 2,000, 5,000, ...
Shape = tuple[int, int, int]  # n, d and K
Scored = tuple[Configured, MetricInfo]


class MetricBudget:
    """The metrics that fit a budget of seconds per stage.

    A metric whose expected time exceeds it is replaced by the metric that estimates it, with the largest
    sample of `SAMPLES` that fits; the smallest if none does. The seconds are those of a reference machine, so
    the choice depends on the command and the shape of the data alone: on any machine the metric has the same
    name, which has the size of the sample, and the same keys.

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
        """Return the estimate that takes the place of a metric, or None to keep the metric."""
        if self._fits(self.costs.of(metric, *shape)) or metric.label != metric.plugin.name:
            return None
        estimates = self.pipelines.estimates_of(metric.plugin.name)
        fitting = None
        for sample in SAMPLES if estimates else ():
            found = self.pipelines.metric(Spec(estimates, (), (("sample", sample),)))
            if found is None or sample >= shape[0]:
                break
            if fitting is not None and not self._fits(self.costs.of(found[0], *shape)):
                break
            fitting = found
        return fitting

    def _fits(self, cost: Cost | None) -> bool:
        return cost is None or cost.operations <= self.seconds * REFERENCE

    def _tell(self, metric: Configured, estimate: Configured, shape: Shape, encoder: str) -> None:
        sample = estimate.params["sample"]
        text = (
            f"{metric.label} would take more than {self.seconds:g} s per stage, so it is estimated from "
            f"{counted(sample, 'row')} of {shape[0]:,} as {estimate.label}; for the exact value give "
            "--metric-budget 0"
        )
        if encoder not in self._told[text]:
            self._told[text].append(encoder)
