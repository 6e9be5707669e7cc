"""What a program gives to `harness.bench`: objects are turned into what the command line names."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any
from uuid import uuid4

import numpy as np

from . import source
from .data.arrays import Raw, to_dataset
from .datasets import open_dataset
from .errors import BadParameter
from .fingerprint import canonical
from .interfaces import Dataset
from .registry import Kind, Plugin, Registry
from .spec import Entry, Spec, parse, parse_entry

PLAIN = (type(None), bool, int, float, str)


def entries(kind: Kind, given: Any, registry: Registry, here: bool) -> list[Entry]:
    """Return encoders, clusterers or metrics as they are asked for.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric"}
    given : str, class, function, instance, a sequence of these, or a mapping from names for boards to these
        Within a sequence or a mapping, a tuple is a chain of encoders.
    registry : Registry
    here : bool
        Whether stages run in this process, so that what only this process knows can be used.

    Raises
    ------
    BadParameter
        When something cannot be found by a process that would run it, or is none of these.
    """
    if isinstance(given, Mapping):
        return [_entry(kind, each, registry, here, str(alias)) for alias, each in given.items()]
    several = given if isinstance(given, list | tuple | set | frozenset) else [given]
    return [_entry(kind, each, registry, here) for each in several]


def _entry(kind: Kind, given: Any, registry: Registry, here: bool, alias: str = "") -> Entry:
    if isinstance(given, str):
        found = parse_entry(given) if kind != "metric" else Entry((parse(given),))
        return Entry(found.steps, alias or found.alias)
    parts = given if isinstance(given, tuple) else (given,)
    steps: list[Spec] = []
    for part in parts:
        if isinstance(part, str):
            steps += parse_entry(part).steps
        else:
            steps.append(_spec(kind, part, registry, here, alias))
    return Entry(tuple(steps), alias)


def _spec(kind: Kind, given: Any, registry: Registry, here: bool, alias: str) -> Spec:
    """Name a class, a function or an instance, with the parameters of which it differs from the defaults."""
    if not isinstance(given, type | FunctionType) and not (callable(given) or hasattr(given, "fit")):
        raise BadParameter(
            f"{kind.capitalize()}: it must be a name, class, function or estimator, got {given!r:.60}."
        )
    single = isinstance(given, type) or hasattr(given, "__qualname__")
    thing = given if single else type(given)
    name = _place(kind, thing, registry, here)
    params = {} if single else _params(kind, given)
    if not alias:
        odd = next((each for each, value in params.items() if not _is_plain(value)), None)
        if odd is not None:
            raise BadParameter(
                f"{kind.capitalize()} {thing.__name__}: parameter {odd!r} is an object, which boards cannot "
                f"show. Give a name for them, as {kind}s={{'my-name': ...}}."
            )
    return Spec(name, (), tuple(params.items()))


def _place(kind: Kind, thing: Any, registry: Registry, here: bool) -> str:
    """Return the name by which a class or function is found again, in this process or another."""
    module, path = thing.__module__, thing.__qualname__
    what = f"{kind.capitalize()} {path}"
    if "<" in path:
        raise BadParameter(
            f"{what} is defined within a function, where worker processes cannot find it. Define it at the "
            "top of a module."
        )
    if _lookup(module, path) is not thing:
        raise BadParameter(f"{what} is not what {module}:{path} is now. Make it anew from what is there.")
    if module == "__main__" and not here:
        raise BadParameter(
            f"{what} is defined in __main__, the notebook or script that runs, which worker processes cannot "
            "import. Move it to a file, as my_plugins.py, and import it from there; or run everything in "
            "this process with jobs=0."
        )
    for plugin in registry.plugins.values():
        if (plugin.kind, plugin.target) == (kind, f"{module}:{path}"):
            return plugin.name
    place = f"{_public(module, path, thing)}:{path}"
    file = source.module_file(module) if module != "__main__" else None
    if here and (file is None or not source.is_installed(file)) and not module.startswith("harness."):
        name = path if module == "__main__" else place
        # What such code means may change while this process lives, so nothing of it is ever reused.
        registry.plugins[kind, name] = Plugin(kind, name, place, "this process", token=uuid4().hex)
        return name
    return place


def _lookup(module: str, path: str) -> Any:
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def _public(module: str, path: str, thing: Any) -> str:
    """Return the package that shows a thing of a private module, as sklearn.cluster does KMeans."""
    parts = module.split(".")
    if not any(part.startswith("_") for part in parts):
        return module
    above = (".".join(parts[:end]) for end in range(1, len(parts)))
    return next((name for name in above if _lookup(name, path) is thing), module)


def _params(kind: Kind, instance: Any) -> dict[str, Any]:
    """Return the parameters of an instance that are not as by default."""
    signature = inspect.signature(type(instance)).parameters
    named = {
        name: each
        for name, each in signature.items()
        if each.kind not in (each.VAR_POSITIONAL, each.VAR_KEYWORD)
    }
    if hasattr(instance, "get_params"):
        values = instance.get_params(deep=False)
    else:
        values = {name: getattr(instance, name, inspect.Parameter.empty) for name in named}
    lost = [name for name, value in values.items() if value is inspect.Parameter.empty]
    if lost:
        raise BadParameter(
            f"{kind.capitalize()} {type(instance).__name__} does not keep its parameter {lost[0]!r}. Let its "
            f"constructor store self.{lost[0]} = {lost[0]}."
        )
    return {
        name: value
        for name, value in values.items()
        if name not in named or canonical(named[name].default) != canonical(value)
    }


def _is_plain(value: Any) -> bool:
    if isinstance(value, Mapping):
        return type(value) is dict and all(map(_is_plain, [*value, *value.values()]))
    return type(value) in PLAIN or (type(value) in (list, tuple) and all(map(_is_plain, value)))


def data(given: Any, registry: Registry) -> Iterator[Dataset]:
    """Yield the datasets that are meant by names, paths, arrays or pairs of arrays, or are given as such.

    Parameters
    ----------
    given : str, Path, Dataset, array X, pair (X, y), a sequence of these, or a mapping from names to them
    registry : Registry
    """
    if isinstance(given, Mapping):
        yield from (_dataset(each, name, registry) for name, each in given.items())
    elif isinstance(given, Sequence) and not isinstance(given, str) and not _is_pair(given):
        arrays = 0
        for each in given:
            arrays += not isinstance(each, str | Path | Dataset)
            yield _dataset(each, f"data-{arrays}" if arrays > 1 else "data", registry)
    else:
        yield _dataset(given, "data", registry)


def _is_pair(given: Any) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and hasattr(given[0], "__array__")


def _dataset(given: Any, name: str, registry: Registry) -> Dataset:
    if isinstance(given, Dataset):
        return given
    if isinstance(given, str | Path):
        return open_dataset(str(given), registry)
    samples, labels = given if _is_pair(given) else (given, None)
    if not hasattr(samples, "__array__"):
        raise BadParameter(
            f"A dataset must be a name, a path, an array X, a pair (X, y) or a Dataset, got {given!r:.60}."
        )
    raw = Raw(np.asarray(samples), None if labels is None else np.asarray(labels))
    return to_dataset(raw, name=name, where=f"dataset {name!r}")
