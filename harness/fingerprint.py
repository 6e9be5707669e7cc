"""Keys: a stage's key is a hash of everything that can change its result."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from . import frameworks, source
from .configure import UNKEYED, Configured
from .distributions import distribution
from .plugin import Plugin, borrowed, closure_of, loose_file
from .spec import PLAIN

# The version of the code that computes stages around plugins. Raise it when a result can differ for the same
# plugin, parameters and data: every stage is computed again then. tests/test_engine_version.py guards it.
ENGINE = 1
BUILT_IN = "built-in"
NUMERIC_BASE = ("numpy", "scipy")  # computes for every plugin, whether it imports them itself or not


SAID = {  # of what is hashed, only that it differs can be said
    "after": "the stages before it are others",
    "engine": "the harness's own code has changed",
    "dataset": "the samples are others",
    "truth": "the classes are others",
    "code.source": "the plugin's code has changed",
}


def canonical(value: Any) -> Any:
    """Turn a parameter into plain JSON in which different values never look alike.

    The type counts, as a plugin may tell 1 from 1.0, True or ``np.int64(1)``; so does the order within a
    mapping, as a plugin may go through it.

    Examples
    --------
    >>> canonical((1, 2.0)), canonical([1, 2.0])
    ({'tuple': [1, 2.0]}, [1, 2.0])
    """
    if value is None or type(value) in PLAIN:  # not isinstance: np.float64 is a float, an IntEnum an int
        return value
    if type(value) is list:
        return [canonical(item) for item in value]
    if type(value) is tuple:
        return {"tuple": [canonical(item) for item in value]}
    if isinstance(value, set | frozenset):  # sorted, as the order of words differs between processes
        return {type(value).__name__: sorted((canonical(item) for item in value), key=json.dumps)}
    if isinstance(value, Mapping):
        return {"mapping": [[canonical(key), canonical(item)] for key, item in value.items()]}
    if isinstance(value, np.generic):
        item = value.item()
        return {type(value).__name__: item if type(item) in PLAIN else repr(value)}
    if type(value) in (np.ndarray, np.memmap):
        content = canonical(value.tolist()) if value.dtype.hasobject else value.tobytes()
        if isinstance(content, bytes):
            content = hashlib.sha256(content).hexdigest()
        return {"array": [str(value.dtype), list(value.shape), content]}
    if isinstance(value, type) or hasattr(value, "__qualname__"):
        return {"object": f"{value.__module__}:{value.__qualname__}"}
    return {f"{type(value).__module__}:{type(value).__qualname__}": _state(value)}


def _state(value: Any) -> Any:
    """Return what an object is made of: its parameters, else what a copy of it would be made from."""
    if hasattr(value, "get_params"):
        return canonical(value.get_params())
    if not isinstance(value, bytes):  # whose own copy is made from itself
        try:
            found = value.__reduce_ex__(2)
            if isinstance(found, tuple):
                return canonical([*found[:3], *(list(each or ()) for each in found[3:5])])
        except Exception:  # a lock, an open file, a thing that holds itself
            pass
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


def digest(facts: Mapping[str, Any]) -> str:
    """Hash facts to 32 hexadecimal digits, whatever their order.

    Examples
    --------
    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    >>> digest({"a": 1}) == digest({"a": 1.0})
    False
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def facts(step: Configured, seed: int | None = None) -> dict[str, Any]:
    """Return what a plugin with its parameters adds to a key.

    Parameters
    ----------
    step : Configured
    seed : int, optional
        The seed, where the harness sets one.
    """
    params = {name: value for name, value in step.for_seed(seed).items() if name not in UNKEYED}
    return {
        "code": identity(step.plugin),
        "engine": ENGINE,
        "params": canonical(params),
        "device": step.params.get("device") or "cpu",
    }


@cache
def identity(plugin: Plugin) -> dict[str, Any]:
    """Say which code a plugin is: its distribution and version, its source, the libraries that it uses."""
    own = plugin.closure()
    loose = loose_file(plugin) is not None
    top = "file" if loose else plugin.module.partition(".")[0]
    return {
        "plugin": plugin_id(plugin),
        "distribution": None if loose else distribution(top),
        "source": plugin.token or own.digest,
        "libraries": libraries(own.outside - {top}),
    }


def plugin_id(plugin: Plugin) -> str:
    """Return how keys name a plugin: a built-in one, or one of a file, without the place where it lies."""
    module, _, attribute = plugin.target.partition(":")
    if loose_file(plugin) is not None:
        module = "file"
    elif module.partition(".")[0] == source.CONTRACT:
        module = BUILT_IN
    return f"{module}:{attribute}"


def look_again() -> None:
    """Forget what was read of plugins' code, as it may have been edited since."""
    named = (frameworks.frameworks, frameworks.at_import, frameworks.home)
    for read in (source._parse, borrowed, loose_file, closure_of, identity, *named):
        read.cache_clear()


def libraries(modules: frozenset[str]) -> dict[str, str]:
    """Return the versions of the distributions that bring these modules, and of numpy and scipy."""
    found = [each for name in sorted({*modules, *NUMERIC_BASE}) if (each := distribution(name))]
    return dict(sorted(each.split(" ", 1) for each in found))


def differences(new: Mapping[str, Any], old: Mapping[str, Any]) -> list[str]:
    """Return what differs, as ``params.n_init: 1 -> 10``; of hashes only that they differ."""
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
