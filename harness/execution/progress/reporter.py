"""The progress of a run: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from ...core.counts import counted
from ...core.notebook import is_kernel
from ...core.plan import Plan, Stage
from ..time_left import Estimate
from .progress_lines import Lines

if TYPE_CHECKING:
    from ...core.events import Progress


class Reporter(Protocol):
    """Is told how a run gets on."""

    def stage(self, progress: Progress) -> None:
        """Take note of a stage that has ended."""

    def pulse(self, done: int, total: int, note: str) -> None:
        """Take note of how far a stage is; may be called in any thread."""


@contextmanager
def reporter(plan: Plan, todo: Iterable[Stage], estimate: Estimate) -> Iterator[Reporter]:
    """Show progress: bars on a terminal, one line in a notebook, else a line per fit on the error stream."""
    title = f"{plan.dataset.name}, {plan.protocol}: {counted(len(plan.cells), 'run')}"
    if is_kernel():
        from .notebook_line import NotebookLine

        with NotebookLine(title, todo, estimate) as line:
            yield line
        return
    if not sys.stderr.isatty():
        yield Lines(title, todo, estimate)
        return
    from .bars import Bars

    with Bars(title, plan.stages.values(), estimate, stderr=True) as bars:
        yield bars
