"""The contract of executors: where plugins are loaded, and where stages run."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, Self

from .limits import Limits
from .plugin import Plugin


class PluginHost(Protocol):
    """Calls functions that load a plugin's framework, in a process where it may be loaded."""

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that loads the plugin."""

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function in the process of the framework of that name."""

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that fits the plugin, within the limits of a stage; None where none can be made."""

    def accelerator(self) -> str:
        """Return the kind of accelerator where stages run, e.g. ``cuda``; empty if there is none."""


class StageExecutor(PluginHost, Protocol):
    """Runs stages: in this process, in child processes, or on other machines.

    Another one, e.g. for a batch system, is a class with these members, and its line in
    `harness.execution.executors.open_executor`.
    """

    limits: Limits  # of each stage
    jobs: int  # stages that run at a time; it may change during a run
    slots: int  # stages that may be submitted at a time; the others wait in the run

    def submit(self, function: Callable[..., Any], task: Any, /) -> Future[Any]:
        """Return the future of the `Record` that a call gives; a stage that crashes has a record too."""

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
