"""Where plugins are loaded while a plan is made: in this process, or in one where their framework may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ..core.plugin import Plugin
from . import devices


class Host(Protocol):
    """Calls what loads a plugin's framework, in a process where that may be loaded."""

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function that loads the plugin."""

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call a function in the process of the framework of that name."""

    def accelerator(self) -> str:
        """Return the kind of accelerator where stages run."""


class Here:
    """Calls everything in this process."""

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def accelerator(self) -> str:
        """Return the kind of accelerator that this machine may have."""
        return devices.accelerator()
