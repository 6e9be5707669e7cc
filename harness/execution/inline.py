"""Executor that runs each stage immediately, in this process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from ..core.executor import StageExecutor
from ..core.limits import Limits
from ..core.plugin import Plugin
from ..registry.in_process import InProcess


class Inline(InProcess, StageExecutor):
    """Run each stage in this process, one after another, without limits."""

    limits = Limits()
    jobs = slots = 1

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def submit(self, function: Callable[..., Any], task: Any, /) -> Future[Any]:
        """Run a stage, and return its finished future."""
        future: Future[Any] = Future()
        try:
            future.set_result(function(task))
        except Exception as error:
            future.set_exception(error)
        return future
