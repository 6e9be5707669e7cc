"""Find plugins: built in, installed, from a file, or by import path."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pluggy

from ..core.errors import BadParameter, HarnessError, UnknownName, error_line, one_line, suggest
from ..core.plugin import Kind, Plugin
from ..core.spec import BARRED
from ..core.tracebacks import traceback_of
from . import entry_points
from .hooks import plugin_manager, plugins_of
from .loading import importing, load_file, plugin_at


@dataclass(frozen=True)
class Broken:
    """A plugin that could not be registered, and why."""

    name: str
    origin: str
    error: str
    traceback: str = field(default="", compare=False)


@dataclass
class Registry:
    """All plugins found, by kind and name."""

    plugins: dict[tuple[Kind, str], Plugin] = field(default_factory=dict)
    broken: list[Broken] = field(default_factory=list)
    hooks: pluggy.PluginManager = field(default_factory=plugin_manager)

    def names(self, kind: Kind) -> list[str]:
        """Return the names of one kind, in the order of registration."""
        return [name for each, name in self.plugins if each == kind]

    def find(self, kind: Kind, name: str) -> Plugin:
        """Return a plugin by its name, or by an import path ``module:attribute``.

        Raises
        ------
        UnknownName
            If there is no such plugin; the nearest name is suggested.
        HarnessError
            If two plugins claim the name.
        """
        plugin = self.plugins.get((kind, name))
        if plugin is not None:
            return plugin
        for broken in self.broken:
            if broken.name == f"{kind} {name}":
                raise HarnessError(f"Cannot use {kind} {name!r}: {broken.error}")
        if ":" in name:
            try:
                return plugin_at(kind, name, name)
            except UnknownName as error:
                raise UnknownName(f"{kind.capitalize()} {name!r}: {error}") from None
        lost = [f"{each.origin} ({each.error})" for each in self.broken if each.name == "plugin"]
        more = f" It may be in plugins that failed to load: {', '.join(lost)}." if lost else ""
        raise UnknownName(
            f"Unknown {kind} {name!r}.{suggest(name, self.names(kind))} 'harness plugins' lists them all."
            f"{more}"
        )

    def tell(self, hook: str, **arguments: Any) -> list[str]:
        """Notify all plugins of an event and return their errors, since none may stop a run."""
        problems = []
        for each in getattr(self.hooks.hook, hook).get_hookimpls():
            try:
                each.function(*(arguments[name] for name in each.argnames))
            except (Exception, SystemExit) as error:
                problems.append(f"{each.plugin_name} failed in {hook}: {error_line(error)}")
        return problems

    def add(self, plugin: Plugin) -> None:
        """Add a plugin; if its name is taken, neither can be used, and both origins are named."""
        key = (plugin.kind, plugin.name)
        other = self.plugins.pop(key, None)
        label = f"{plugin.kind} {plugin.name}"
        if other is None and not any(broken.name == label for broken in self.broken):
            self.plugins[key] = plugin
            return
        origins = f"{other.origin} and {plugin.origin}" if other else plugin.origin
        self.broken.append(Broken(label, origins, f"two plugins have this name, from {origins}. Remove one."))

    def add_source(self, origin: str, load: Callable[[], Any], file: Path | None = None) -> None:
        """Register all plugins of one module; an error is listed and affects no other plugin.

        A module that ends the process ends it here too. A module that hangs is named on Ctrl-C.
        """
        try:
            with importing(f"plugins from {origin}"):
                module = load()
                found = list(plugins_of(module, origin, file))
        except (Exception, SystemExit) as error:
            told = error_line(error)
            if isinstance(error, pluggy.PluginValidationError):  # its last line has the reason
                told = f"{type(error).__name__}: {one_line('; '.join(str(error).splitlines()))}"
            self.broken.append(Broken("plugin", origin, told, traceback_of(error)))
            return
        if not self.hooks.is_registered(module):
            number = sum(name.partition("#")[0] == origin for name, _ in self.hooks.list_name_plugin())
            self.hooks.register(module, name=f"{origin}#{number}" if number else origin)
        for plugin in found:
            self.add(plugin)


def load_registry(
    files: Iterable[Path] = (),
    watch: Callable[[str], AbstractContextManager[None]] = lambda origin: nullcontext(),
) -> Registry:
    """Find the built-in plugins, those of installed distributions, and those in the given files.

    Parameters
    ----------
    files : iterable of Path
    watch : callable
        Given the origin of a third-party plugin, returns a context in which it is imported.

    Examples
    --------
    >>> load_registry().find("clusterer", "kmeans").origin
    'built-in'
    """
    registry = Registry()
    registry.add_source("built-in", lambda: importlib.import_module("harness.plugins.builtin"))
    for origin, load in entry_points.sources():
        with watch(origin):
            registry.add_source(origin, load)
    seen = set()
    for file in files:
        if not file.is_file():
            raise UnknownName(f"No plugin file {str(file)!r}. Give the path of a Python file.")
        if file.resolve() in seen:  # however it is spelt
            continue
        seen.add(file.resolve())
        with watch(f"file {file}"):
            registry.add_source(f"file {file}", partial(load_file, file), file)
    return registry


def check_alias(kind: Kind, alias: str) -> None:
    """Raise an error for an alias that would be ambiguous.

    Raises
    ------
    BadParameter
        If it contains characters of the command line's syntax.
    """
    if set(alias) & set(BARRED) or alias != alias.strip():
        raise BadParameter(
            f"Invalid {kind} alias {alias!r}. Choose a name without = ( ) + | : and line breaks."
        )


def check_unlike(kind: Kind, alias: str, registry: Registry) -> None:
    """Raise an error for an alias on published boards that is also the name of a plugin.

    Raises
    ------
    BadParameter
    """
    if alias in registry.names(kind):
        raise BadParameter(f"Alias {alias!r} is already the name of another {kind}. Choose another.")
