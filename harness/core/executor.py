"""The interface of executors, which load plugins and run stages."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, Self

from .limits import Limits
from .plugin import Plugin


class PluginHost(Protocol):
    """Call functions that load a plugin's framework, in a process where it may be loaded."""

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that loads the plugin."""

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function in the process of the named framework."""

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that fits the plugin within the limits of a stage; None if unsupported."""

    def accelerator(self) -> str:
        """Return the kind of accelerator where stages run, e.g. ``cuda``; empty if there is none."""


class StageExecutor(PluginHost, Protocol):
    """Run stages: in this process, in child processes, or on other machines.

    Another one, e.g. for a batch system, is a class with these members, and its line in
    `harness.execution.executors.open_executor`.
    """

    limits: Limits  # of each stage
    jobs: int  # stages that run in parallel; may change during a run
    slots: int  # stages submitted at a time; the others wait in the run

    def submit(self, function: Callable[..., Any], task: Any, /) -> Future[Any]:
        """Return a future of the stage's `Record`; a crashed stage has a record too."""

    def warm(self) -> None:
        """Prepare for stages that will follow shortly; by default there is nothing to do."""
        return

    def shutdown(self) -> None:
        """End all running stages, and free what was allocated; by default there is nothing."""
        return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
