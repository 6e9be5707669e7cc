"""A plugin host that loads everything in this process."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.executor import PluginHost
from ..core.plugin import Plugin
from . import devices


class InProcess(PluginHost):
    """Call everything in this process."""

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Make no trial: a plugin that hangs must not block planning."""
        return None

    def accelerator(self) -> str:
        """Return the kind of accelerator that this machine may have."""
        return devices.accelerator()
