"""Which frameworks a plugin needs, and a process of its own for each: two of them do not share one well."""

from __future__ import annotations

from functools import cache

from .registry import Plugin

# By the name that is imported. Keras counts as TensorFlow, the one that it runs on here.
FRAMEWORKS = {"torch": "torch", "tensorflow": "tensorflow", "keras": "tensorflow", "jax": "jax"}


@cache
def frameworks(plugin: Plugin) -> str:
    """Return the names of the frameworks that a plugin uses, joined by "+"; empty where it uses none."""
    return _named(plugin.closure().outside)


@cache
def at_import(plugin: Plugin) -> str:
    """Return the names of the frameworks that are loaded as soon as the plugin's module is imported."""
    return _named(plugin.closure(later=False).outside)


def _named(modules: frozenset[str]) -> str:
    return "+".join(sorted({FRAMEWORKS[name] for name in modules & FRAMEWORKS.keys()}))
