"""An executor of stages on any pool of `concurrent.futures`, without limits or supervision."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

from harness.execution.inline import Inline


class Pooled(Inline):
    """Runs stages on the threads or processes of a pool."""

    def __init__(self, pool: Executor, jobs: int = 1) -> None:
        self.pool, self.jobs, self.slots = pool, jobs, sys.maxsize

    def submit(self, function: Callable[..., Any], task: Any, /) -> Future[Any]:
        """Run a stage."""
        return self.pool.submit(function, task)

    def shutdown(self) -> None:
        """Wait for what is running."""
        self.pool.shutdown()
