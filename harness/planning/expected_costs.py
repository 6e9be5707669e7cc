"""Expected costs of stages, from what plugins tell in their hooks `costs()`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from ..core.cost import Cost, CostFunction
from ..core.errors import error_line
from ..registry.configure import Configured
from ..registry.registry import Registry


class Costs:
    """The expected costs of plugins.

    Parameters
    ----------
    registry : Registry

    Attributes
    ----------
    notes : list of str
        What went wrong in the hooks: a plugin that fails to tell its cost still runs.
    """

    def __init__(self, registry: Registry) -> None:
        self.notes: list[str] = []
        self._functions: dict[str, CostFunction] = {}
        for each in reversed(registry.hooks.hook.costs.get_hookimpls()):
            try:
                found = each.function()
                if not isinstance(found, Mapping):
                    raise TypeError(f"must return a mapping, got {type(found).__name__}")
                self._functions = {**found, **self._functions}
            except (Exception, SystemExit) as error:
                self._note(f"{each.plugin_name} failed in costs: {error_line(error)}")

    def of(self, step: Configured, n: int, d: int, k: int) -> Cost | None:
        """Return the expected cost of a plugin on n rows of d features, with k clusters; None if unknown.

        It is unknown on accelerators, whose speed is not measured.
        """
        on_processor = step.params.get("device", "cpu") in (None, "cpu")
        return self._told(step, n, d, k) if on_processor else None

    def width(self, step: Configured, n: int, d: int, k: int) -> int:
        """Return the expected number of features of an encoder's embedding of n rows of d features.

        It is a guess, for costs alone.
        """
        if step.parts:
            return sum(self.width_of_chain(part, n, d, k) for part in step.parts)
        cost, found = self._told(step, n, d, k), step.params.get("n_components")
        if cost is not None and cost.features:
            return cost.features
        return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else d

    def width_of_chain(self, chain: Sequence[Configured], n: int, d: int, k: int) -> int:
        """Return the expected number of features after a chain of encoders."""
        for step in chain:
            d = self.width(step, n, d, k)
        return d

    def _told(self, step: Configured, n: int, d: int, k: int) -> Cost | None:
        function = self._functions.get(step.plugin.name)
        try:
            return checked(function(n, d, k, step.params)) if function else None
        except (Exception, SystemExit) as error:
            self._note(f"{step.plugin.title} does not tell its cost: {error_line(error)}")
            return None

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def checked(cost: object) -> Cost:
    """Return a cost that a plugin has told.

    Raises
    ------
    TypeError, ValueError
        If it is not a `Cost` of finite numbers from 0.

    Examples
    --------
    >>> checked(Cost(12.0))
    Cost(operations=12.0, memory=0.0, features=0)
    """
    if not isinstance(cost, Cost):
        raise TypeError(f"must return a harness.Cost, got {type(cost).__name__}")
    if not all(0 <= each < math.inf for each in cost):
        raise ValueError(f"must be finite numbers from 0, got {cost}")
    return cost
