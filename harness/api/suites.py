"""Suites in `harness.bench`: defaults of the suite, and plans of its datasets."""

from __future__ import annotations

from dataclasses import replace

from ..core.errors import HarnessError
from ..core.executor import PluginHost
from ..core.plan import Plan
from ..planning.datasets import open_dataset
from ..planning.request import Request
from ..planning.suites.plans import suite_defaults, suite_plans
from ..planning.suites.read import read_suite
from ..registry.registry import Registry


def with_suite_defaults(request: Request, *, chosen: bool) -> Request:
    """Fill in what a suite sets; `chosen` says whether protocols were given."""
    names = ("encoders", "clusterers", "metrics", "n_clusters", "all")
    given = {name for name in names if getattr(request, name)}
    suite = read_suite(request.suite or "").suite
    return replace(request, **suite_defaults(suite, given | ({"protocols"} if chosen else set())))


def planned_suite(request: Request, registry: Registry, host: PluginHost) -> list[Plan]:
    """Return the plans of a suite; notes of the first say what it has and what is left out.

    Raises
    ------
    HarnessError
        If no dataset of the suite can be run.
    """
    source = read_suite(request.suite or "")

    def bring(text: str) -> bool:
        """Let a plugin download its files, as it does when it is named alone."""
        if text not in registry.names("dataset"):
            return False
        open_dataset(text, registry)
        return True

    found = suite_plans(source.suite, request, registry, host, bring)
    lines = [*found.told(source.get), *source.notes]
    if not found.all:
        raise HarnessError(f"No dataset of the suite {source.suite.name!r} can be run. {' '.join(lines[1:])}")
    first, *others = found.all
    return [replace(first, notes=[*lines, *first.notes]), *others]
