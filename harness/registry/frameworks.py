"""Frameworks of a plugin; each needs its own process, since two of them do not share one well."""

from __future__ import annotations

from functools import cache

from ..core.plugin import Plugin
from .loading import borrowed, code_closure

# By import name. Keras counts as TensorFlow, its backend here.
FRAMEWORKS = {"torch": "torch", "tensorflow": "tensorflow", "keras": "tensorflow", "jax": "jax"}
LIGHT = {"harness", "joblib", "numpy", "scipy", "sklearn"}  # libraries that load none of them


@cache
def frameworks(plugin: Plugin) -> str:
    """Return the names of the frameworks that a plugin uses, joined by "+"; empty if it uses none."""
    return _named(code_closure(plugin).outside)


@cache
def at_import(plugin: Plugin) -> str:
    """Return the names of the frameworks that are loaded when the plugin's module is imported."""
    return _named(code_closure(plugin, later=False).outside)


@cache
def home(plugin: Plugin) -> str | None:
    """Return the framework whose process must load a plugin, or None if any process can.

    What a library loads is not read, so one that is not known to be light is kept out of the driver, too:
    umap imports TensorFlow where it is installed. A file of plugins was loaded when its hooks were called.
    """
    name = at_import(plugin)
    if name or plugin.file or plugin.code or plugin.origin == "built-in":
        return name or None
    libraries = set(code_closure(plugin, later=False).outside)
    if borrowed(plugin):
        libraries.add(plugin.module.partition(".")[0])
    return frameworks(plugin) if libraries - LIGHT else None


def _named(modules: frozenset[str]) -> str:
    return "+".join(sorted({FRAMEWORKS[name] for name in modules & FRAMEWORKS.keys()}))
