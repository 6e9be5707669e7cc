"""Call the hooks of a module, and check the plugins they return."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from ..core import hookspecs
from ..core.errors import HarnessError, suggest
from ..core.plugin import KINDS, Kind, Plugin


def plugin_manager() -> pluggy.PluginManager:
    """Return a manager with the hooks and no plugins."""
    manager = pluggy.PluginManager("harness")
    manager.add_hookspecs(hookspecs)
    return manager


def plugins_of(module: ModuleType, origin: str, file: Path | None) -> Iterable[Plugin]:
    """Yield the plugins that a module's hooks return.

    Parameters
    ----------
    module : module
    origin : str
        Their source.
    file : Path, optional
        The module's file, if it cannot be imported by name.

    Raises
    ------
    HarnessError
        If a hook does not exist, or returns something invalid.
    """
    manager = plugin_manager()  # its own manager, so that an error affects only this plugin
    manager.register(module)
    known = [name for name in vars(hookspecs) if hasattr(getattr(hookspecs, name), "harness_spec")]
    for name, value in vars(module).items():
        if hasattr(value, "harness_impl") and name not in known:
            raise HarnessError(f"unknown hook {name!r}.{suggest(name, known)} Hooks: {', '.join(known)}.")
    for kind in KINDS:
        for hook in getattr(manager.hook, f"{kind}s").get_hookimpls():
            mapping = hook.function()  # not with pluggy, which ignores a hook that returns None
            if not isinstance(mapping, Mapping):
                raise HarnessError(
                    f"hook {kind}s() must return a mapping from name to {kind}, got {type(mapping).__name__}."
                )
            for name, value in mapping.items():
                target = _target(kind, name, value)
                own = file and target.partition(":")[0] in (module.__name__, file.stem)
                yield Plugin(kind, name, target, origin, file.resolve() if own and file else None)


def _target(kind: Kind, name: Any, value: Any) -> str:
    if not isinstance(name, str) or not name or set(name) & set("()+,:=\n|"):
        raise HarnessError(
            f"hook {kind}s(): a name must be a plain word without ( ) + , : = |, got {name!r}."
        )
    if isinstance(value, str):
        module, colon, attribute = value.partition(":")
        if not (module and colon and attribute):
            raise HarnessError(f"{kind} {name!r}: a string must read 'module:attribute', got {value!r}.")
        return value
    if not callable(value):
        raise HarnessError(f"{kind} {name!r} must be a class, a function or a string, got {value!r}.")
    if "<locals>" in value.__qualname__ or inspect.ismodule(value):
        raise HarnessError(
            f"{kind} {name!r} must be defined at the top of a module, so that workers find it."
        )
    return f"{value.__module__}:{value.__qualname__}"
