"""Plugins loaded in this process, whatever their framework."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core.executor import PluginHost
from ..core.plugin import Plugin
from . import devices


class InProcess(PluginHost):
    """Calls everything in this process."""

    def load(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def ask(self, name: str, function: Callable[..., Any], *args: Any) -> Any:
        """Call it."""
        return function(*args)

    def trial(self, plugin: Plugin, function: Callable[..., Any], *args: Any) -> Any:
        """Call nothing: who only plans is not to be harmed by a plugin that hangs."""
        return None

    def accelerator(self) -> str:
        """Return the kind of accelerator that this machine may have."""
        return devices.accelerator()
