"""Invocation of a plan: the text that names its dataset, and whether the data are the user's own."""

from __future__ import annotations

from dataclasses import replace

from ..core.errors import BadParameter
from ..core.invocation import Invocation
from ..core.plan import Plan
from ..core.spec import parse
from ..registry.loading import IMPORT_PATH
from ..registry.registry import Registry
from .datasets import OPENML
from .request import Request


def with_invocation(plan: Plan, dataset: str, own: bool, request: Request, config: str = "") -> Plan:
    """Return a plan whose cells record the command that computes them.

    Parameters
    ----------
    plan : Plan
    dataset : str
        The text that names the dataset on the command line; empty if none.
    own : bool
        Whether the data are the user's own.
    request : Request
    config : str
        The configuration that names plugins, if any.
    """
    told = Invocation(
        dataset,
        own,
        tuple(map(str, request.plugins)),
        config,
        "metric" in request.swept,
        request.n_clusters,
        request.threads,
        request.metric_budget or 0,
    )
    return replace(plan, cells=[replace(cell, invocation=told) for cell in plan.cells])


def is_own(dataset: str, registry: Registry) -> bool:
    """Return whether a name means the user's own data: a path, or code of no installed package.

    Datasets of OpenML are public.

    Examples
    --------
    >>> from harness.registry.registry import load_registry
    >>> registry = load_registry()
    >>> [is_own(text, registry) for text in ("moons(noise=0.1)", "openml:61", "digits.csv", "mine:load")]
    [False, False, True, True]
    """
    try:
        name = parse(dataset).name
    except BadParameter:  # a path, or an object passed from Python
        return True
    if name.startswith(("harness.plugins.datasets.", OPENML)):  # one of the harness, by its import path
        return False
    plugin = registry.plugins.get(("dataset", name))
    return plugin is None or plugin.file is not None or plugin.origin.startswith(IMPORT_PATH)
