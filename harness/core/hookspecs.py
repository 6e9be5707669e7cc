"""Hooks that a plugin can implement, each marked with ``@hookimpl``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from .board import Board
    from .cell import CellRecord
    from .cost import CostFunction
    from .events import Progress
    from .plan import Plan
    from .record import Record

hookspec = pluggy.HookspecMarker("harness")
hookimpl = pluggy.HookimplMarker("harness")
"""Decorator that marks a function of a plugin as a hook, which its name tells."""


@hookspec
def encoders() -> Mapping[str, Any]:
    """Return encoders by name, each a class or a ``"module:Class"`` string that is loaded when used."""
    return {}


@hookspec
def clusterers() -> Mapping[str, Any]:
    """Return clusterers by name, each a class or a ``"module:Class"`` string that is loaded when used."""
    return {}


@hookspec
def metrics() -> Mapping[str, Any]:
    """Return metrics by name, each a function or a ``"module:function"`` string that is loaded when used."""
    return {}


@hookspec
def datasets() -> Mapping[str, Any]:
    """Return datasets by name, each a function or a ``"module:function"`` string that is loaded when used."""
    return {}


@hookspec
def costs() -> Mapping[str, CostFunction]:
    """Return the expected costs of plugins by name, each a function of n, d, K and the parameters.

    It returns a `harness.Cost`. It can be that of a plugin of another module; of two for one name the last
    counts. No cache key depends on it.
    """
    return {}


@hookspec
def run_started(plan: Plan) -> None:
    """Called when a run starts, on one dataset under one protocol."""


@hookspec
def stage_finished(progress: Progress) -> None:
    """Called when a stage has finished, was reused or was skipped."""


@hookspec
def cell_finished(plan: Plan, cell: CellRecord, records: Mapping[str, Record]) -> None:
    """Called when the last stage of a cell has finished; for a cell that cannot run, when the run starts.

    Parameters
    ----------
    plan : Plan
        The plan of the cell; `cell` is one of ``plan.cells``, each of which is reported once.
    cell : CellRecord
        Names of encoder and clusterer, K, seeds, and the keys of its stages. ``cell.status(records)`` is a
        pair: ``ok``, ``failed`` or another status, and why.
    records : mapping
        The records of its stages by key, reused ones included; none of stages that were skipped, as one
        before them failed. ``records[cell.scores["ari"].key].values["score"]`` is a score.
    """


@hookspec
def run_finished(board: Board) -> None:
    """Called when the run has finished, with the requested rows."""
