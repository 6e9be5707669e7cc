"""Plugins passed to `harness.bench`: conversion of objects to names as on the command line."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from functools import partial
from types import FunctionType
from typing import Any
from uuid import uuid4

import numpy as np

from ..core.errors import BadParameter, brief_repr, error_line
from ..core.hashing import canonical
from ..core.plugin import Kind, OwnCode, Plugin
from ..core.spec import PLAIN, Entry, Spec, parse, parse_entry
from ..registry import source_code
from ..registry.own_code import MAIN, CodeReader
from ..registry.pickled_code import pickled
from ..registry.registry import Registry
from .arguments import named


def entries(kind: Kind, given: Any, registry: Registry, here: bool) -> list[Entry]:
    """Return the requested encoders, clusterers or metrics.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric"}
    given : str, class, function, instance, a sequence of these, or a mapping from names for boards to these
        Within a sequence or a mapping, a tuple is a chain of encoders.
    registry : Registry
    here : bool
        Whether stages run in this process, so that objects of this process can be used.

    Raises
    ------
    BadParameter
        If a worker process could not import something, or it is none of these.
    """
    if isinstance(given, Mapping):
        pairs = named(f"{kind}s", given).items()
        return [_entry(kind, each, registry, here, alias) for alias, each in pairs]
    several = given if isinstance(given, list | tuple | set | frozenset) else [given]
    return [_entry(kind, each, registry, here) for each in several]


def _entry(kind: Kind, given: Any, registry: Registry, here: bool, alias: str = "") -> Entry:
    if isinstance(given, str):
        found = parse_entry(given) if kind != "metric" else Entry((parse(given),))
        return Entry(found.steps, alias or found.alias)
    parts = given if isinstance(given, tuple) else (given,)
    if not parts:
        raise BadParameter(f"{kind.capitalize()}: a tuple is a chain and must not be empty, got ().")
    steps: list[Spec] = []
    for part in parts:
        if isinstance(part, str):
            steps += parse_entry(part).steps
        else:
            steps.append(_spec(kind, part, registry, here, alias))
    return Entry(tuple(steps), alias)


def _spec(kind: Kind, given: Any, registry: Registry, here: bool, alias: str) -> Spec:
    """Name a class, a function or an instance, with its non-default parameters."""
    if isinstance(given, partial):
        raise BadParameter(
            f"{kind.capitalize()}: leaderboards cannot show the arguments of a functools.partial. Give a "
            "name with parameters, e.g. 'name(parameter=value)', or define a function or class at the top "
            "of a module."
        )
    if not isinstance(given, type | FunctionType) and not (callable(given) or hasattr(given, "fit")):
        raise BadParameter(
            f"{kind.capitalize()}: must be a name, class, function or estimator, got {brief_repr(given)}."
        )
    single = isinstance(given, type) or hasattr(given, "__qualname__")
    thing = given if single else type(given)
    name = _place(kind, thing, registry, here)
    params = {} if single else _params(kind, given)
    if not alias:
        odd = next((each for each, value in params.items() if not _is_plain(value)), None)
        if odd is not None:
            raise BadParameter(
                f"{kind.capitalize()} {thing.__name__}: parameter {odd!r} is an object, which leaderboards "
                f"cannot show. Name the {kind}: {kind}s={{'my-name': ...}}."
            )
    return Spec(name, (), tuple(params.items()))


def _place(kind: Kind, thing: Any, registry: Registry, here: bool) -> str:
    """Return the import path of a class or function, valid in this process or another."""
    module, path = getattr(thing, "__module__", ""), thing.__qualname__
    what = f"{kind.capitalize()} {path}"
    if "<" in path:
        raise BadParameter(
            f"{what} is defined within a function, so worker processes cannot import it. Define it at the "
            "top of a module."
        )
    if _lookup(module, path) is not thing:
        raise BadParameter(
            f"{what} differs from the current {module}:{path}. Create it again from the current one."
        )
    for plugin in registry.plugins.values():
        if (plugin.kind, plugin.target) == (kind, f"{module}:{path}"):
            return plugin.name
    place = f"{_public(module, path, thing)}:{path}"
    file = source_code.module_file(module) if module != MAIN else None
    name = path if module == MAIN else place
    if module == MAIN:
        _check_free(kind, name, registry)
        code = _own_code(what, thing, here)
    elif here and (file is None or not source_code.is_installed(file)) and not module.startswith("harness."):
        # Such code may change while this process lives, so its results are never reused.
        code = OwnCode(uuid4().hex, lasting=False)
    else:
        return place
    registry.plugins[kind, name] = Plugin(kind, name, place, "this process", code=code)
    return name


def _own_code(what: str, thing: Any, here: bool) -> OwnCode:
    """Return the code of what the notebook or script that runs defines."""
    reader = CodeReader(edited=here)
    reader.read(thing, what)
    unread = ", ".join(dict.fromkeys(reader.unread))
    try:
        sent = b"" if here else pickled(thing)
    except Exception as error:  # of any kind: objects may have reducers of their own
        raise BadParameter(
            f"{what} cannot be sent to worker processes: {error_line(error)}. Create what cannot be sent "
            "within its methods, or run everything in this process with jobs=0."
        ) from None
    digest = uuid4().hex if unread else reader.digest
    return OwnCode(digest, not unread, frozenset(reader.libraries), sent, unread)


def notes(registry: Registry) -> list[str]:
    """Return a note on each plugin whose results are not reused."""
    return [
        f"{plugin.title}: results are not reused, as its code refers to {plugin.code.unread}, "
        "which has no digest"
        for plugin in registry.plugins.values()
        if plugin.code is not None and plugin.code.unread
    ]


def _check_free(kind: Kind, name: str, registry: Registry) -> None:
    """Raise an error if another plugin has this name."""
    other = registry.plugins.get((kind, name))
    broken = [each.origin for each in registry.broken if each.name == f"{kind} {name}"]
    if other is not None or broken:
        raise BadParameter(
            f"{kind.capitalize()} {name} is defined in __main__, but a {kind} of this name already exists, "
            f"from {other.origin if other else broken[0]}. Rename yours."
        )


def _lookup(module: str, path: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def _public(module: str, path: str, thing: Any) -> str:
    """Return the public package that exports an object, e.g. sklearn.cluster for KMeans."""
    parts = module.split(".")
    if not any(part.startswith("_") for part in parts):
        return module
    above = (".".join(parts[:end]) for end in range(1, len(parts)))
    return next((name for name in above if _lookup(name, path) is thing), module)


def _params(kind: Kind, instance: Any) -> dict[str, Any]:
    """Return the non-default parameters of an instance."""
    try:
        signature = inspect.signature(type(instance)).parameters
        told = instance.get_params(deep=False) if hasattr(instance, "get_params") else None
    except (TypeError, ValueError, AttributeError) as error:
        raise BadParameter(
            f"{kind.capitalize()} {type(instance).__name__} does not return its parameters: {error}. Its "
            "constructor must store each under its own name."
        ) from None
    known = {
        name: each
        for name, each in signature.items()
        if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    }
    if told is None:
        told = {name: getattr(instance, name, inspect.Parameter.empty) for name in known}
    values = {name: _plain(value) for name, value in told.items()}
    lost = [name for name, value in values.items() if value is inspect.Parameter.empty]
    if lost:
        raise BadParameter(
            f"{kind.capitalize()} {type(instance).__name__} does not keep its parameter {lost[0]!r}. Its "
            f"constructor must store self.{lost[0]} = {lost[0]}."
        )
    return {
        name: value
        for name, value in values.items()
        if name not in known or canonical(known[name].default) != canonical(value)
    }


def _plain(value: Any) -> Any:
    """Return a NumPy number or string as Python's; everything else unchanged."""
    if isinstance(value, np.generic):
        return value.item()
    if type(value) in (list, tuple):
        return type(value)(map(_plain, value))
    return {_plain(name): _plain(each) for name, each in value.items()} if type(value) is dict else value


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return type(value) is dict and all(map(_is_plain, [*value, *value.values()]))
    return (
        value is None or type(value) in PLAIN or (type(value) in (list, tuple) and all(map(_is_plain, value)))
    )
