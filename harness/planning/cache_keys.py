"""Cache keys: the hash of everything that can change the result of a stage."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ..core.hashing import canonical
from ..core.plugin import Plugin
from ..core.spec import PLAIN
from ..registry import frameworks, source_code
from ..registry.configure import UNKEYED, Configured
from ..registry.distributions import distribution
from ..registry.loading import borrowed, closure_of, code_closure, loose_file
from ..registry.own_code import CodeReader

# The version of the code that computes stages around plugins. Raise it when a result can differ for the same
# plugin, parameters and data: every stage is computed again then. A test guards it: test_engine_version.py.
ENGINE = 2


BUILT_IN = "built-in"


NUMERIC_BASE = ("numpy", "scipy")  # computes for every plugin, whether it imports them itself or not


SAID = {  # for hashed values, only that they differ is known
    "after": "earlier stages have changed",
    "engine": "the harness's own code has changed",
    "dataset": "the samples have changed",
    "truth": "the classes have changed",
    "code.source": "the plugin's code has changed",
    "objects.code": "the code of an object among its parameters has changed",
}


def facts(step: Configured, seed: int | None = None) -> dict[str, Any]:
    """Return the part of a key for a plugin with its parameters.

    Parameters
    ----------
    step : Configured
    seed : int, optional
        The seed, if the harness sets one.
    """
    params = {name: value for name, value in step.for_seed(seed).items() if name not in UNKEYED}
    drawn = {"seed": seed} if step.unseeded and seed is not None else {}
    return {
        **drawn,
        "code": identity(step.plugin),
        "engine": ENGINE,
        "params": canonical(params),
        **_objects(params),
        "device": step.params.get("device") or "cpu",
    }


def _objects(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the code of objects among parameters that no installed package has: of functions and classes."""
    objects = {name: value for name, value in params.items() if type(value) not in PLAIN}
    if not objects:
        return {}
    reader = CodeReader()
    reader.read(objects, "parameters")
    known = {"code": reader.digest, "libraries": libraries(frozenset(reader.libraries))}
    return {"objects": known} if reader.own else {}


@cache
def identity(plugin: Plugin) -> dict[str, Any]:
    """Identify a plugin's code: distribution and version, source, libraries it uses."""
    own = code_closure(plugin)
    loose = loose_file(plugin) is not None or plugin.code is not None
    top = "file" if loose else plugin.module.partition(".")[0]
    return {
        "plugin": plugin_id(plugin),
        "distribution": None if loose else distribution(top),
        "source": plugin.code.digest if plugin.code else own.digest,
        "libraries": libraries(own.outside - {top}),
    }


def plugin_id(plugin: Plugin) -> str:
    """Return the name of a plugin in keys; for a built-in plugin or a file, without its location."""
    module, _, attribute = plugin.target.partition(":")
    if loose_file(plugin) is not None:
        module = "file"
    elif module.partition(".")[0] == source_code.CONTRACT:
        module = BUILT_IN
    return f"{module}:{attribute}"


def look_again() -> None:
    """Forget plugins' code read so far, since it may have been edited."""
    named = (frameworks.frameworks, frameworks.at_import, frameworks.home)
    for read in (source_code._parse, borrowed, loose_file, closure_of, identity, *named):
        read.cache_clear()


def libraries(modules: frozenset[str]) -> dict[str, str]:
    """Return the versions of the distributions that provide these modules, and of numpy and scipy."""
    found = [each for name in sorted({*modules, *NUMERIC_BASE}) if (each := distribution(name))]
    return dict(sorted(each.split(" ", 1) for each in found))


def differences(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """Return the differences, e.g. ``params.n_init: 1 -> 10``; for hashes only that they differ."""
    found = []
    for name in sorted(new.keys() | old.keys()):
        before, after = old.get(name, "none"), new.get(name, "none")
        if before != after:
            hashed = SAID.get(name) or SAID.get(name.partition(".")[0])
            found.append(hashed or f"{name}: {before} -> {after}")
    return list(dict.fromkeys(found))


def flat(facts: Any, path: str = "") -> dict[str, Any]:
    """Flatten nested facts to one mapping; parameters are pairs in a list."""
    if isinstance(facts, Mapping) and list(facts) == ["mapping"]:
        facts = {str(name): value for name, value in facts["mapping"]}
    if isinstance(facts, Mapping):
        found: dict[str, Any] = {}
        for name, value in facts.items():
            found |= flat(value, f"{path}.{name}" if path else str(name))
        return found
    return {path: facts}
