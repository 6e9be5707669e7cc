"""The hooks that a plugin may implement, each marked with ``@hookimpl``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from .board import Board
    from .plan import Plan
    from .run import Progress

hookspec = pluggy.HookspecMarker("harness")
hookimpl = pluggy.HookimplMarker("harness")


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
def run_started(plan: Plan) -> None:
    """Take note that a run begins, on one dataset under one protocol."""


@hookspec
def stage_finished(progress: Progress) -> None:
    """Take note that a stage has finished, was reused or was skipped."""


@hookspec
def run_finished(board: Board) -> None:
    """Take note that the run has ended, with the rows that it was asked for."""
