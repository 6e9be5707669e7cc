"""Notify the event log and plugins of a run's events."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from ...core.board import Board
from ...core.cell import CellRecord
from ...core.notebook import aside
from ...core.plan import Plan
from ...registry.registry import Registry
from .event_log import Events
from .messages import say

if TYPE_CHECKING:
    from ...core.events import Outcome, Progress
    from ...core.record import Record


class Followers:
    """Notify the event log and plugins; a failing hook is reported once, and affects nothing."""

    def __init__(self, registry: Registry, events: Events) -> None:
        self.registry, self.events = registry, events
        self.failed: set[tuple[str, str]] = set()  # plugin and hook

    def started(self, plan: Plan) -> None:
        """Notify that a plan starts."""
        self.events.started(plan)
        self._tell("run_started", plan=plan)

    def stage(self, progress: Progress) -> None:
        """Notify that a stage has finished."""
        self.events.stage(progress)
        self._tell("stage_finished", progress=progress)

    def cell(self, plan: Plan, cell: CellRecord, records: Mapping[str, Record]) -> None:
        """Notify that the last stage of a cell has finished."""
        self.events.cell(plan, cell, records)
        self._tell("cell_finished", plan=plan, cell=cell, records=records)

    def finished(self, plan: Plan, outcome: Outcome, stopped: bool) -> None:
        """Notify that a plan has finished, or was stopped."""
        self.events.finished(plan, outcome, stopped)

    def board(self, board: Board) -> None:
        """Notify of the resulting board."""
        self._tell("run_finished", board=board)

    def _tell(self, hook: str, **arguments: Any) -> None:
        with redirect_stdout(aside()):  # stdout is reserved for leaderboards
            problems = self.registry.tell(hook, **arguments)
        for problem in problems:
            plugin = problem.partition(f" failed in {hook}")[0]
            if (plugin, hook) not in self.failed:
                self.failed.add((plugin, hook))
                say(f"Note: {problem} (told once)")
