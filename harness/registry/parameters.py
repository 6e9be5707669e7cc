"""Parameters of a class, or options of a metric: defaults and written values."""

from __future__ import annotations

import inspect
from collections.abc import Collection, Mapping
from typing import Any

from ..core.errors import BadParameter, suggest
from ..core.plugin import Plugin
from ..core.spec import Spec
from .metrics import options
from .nested import K_NAMES, MIXED


def written_in(plugin: Plugin, factory: Any, spec: Spec) -> dict[str, Any]:
    """Return the written parameters by name.

    Raises
    ------
    BadParameter
        If there are too many values, or a parameter is given twice.
    """
    names = _parameters(factory)
    if len(spec.args) > len(names):
        raise BadParameter(
            f"{plugin.title} takes at most {len(names)} parameters ({', '.join(names) or 'none'}), "
            f"got {len(spec.args)}."
        )
    written = dict(zip(names, spec.args, strict=False))
    for name, value in spec.kwargs:
        if name in written:
            raise BadParameter(f"{plugin.title}: parameter {name!r} is given twice.")
        written[name] = value
    return written


def _parameters(factory: Any) -> list[str]:
    """Return the names that users can set: parameters of a class, or options of a metric."""
    if not isinstance(factory, type):
        return options(factory)
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [name for name, each in inspect.signature(factory).parameters.items() if each.kind in kinds]


def _required(factory: Any) -> list[str]:
    parameters = inspect.signature(factory).parameters
    return [name for name in _parameters(factory) if parameters[name].default is inspect.Parameter.empty]


def defaults_of(plugin: Plugin, factory: Any) -> dict[str, Any]:
    """Return all parameters with their defaults, or None."""
    parameters = inspect.signature(factory).parameters
    if isinstance(factory, type) and hasattr(factory, "get_params") and not _required(factory):
        params: dict[str, Any] = factory().get_params(deep=False)
        return params
    return {
        name: None if parameters[name].default is inspect.Parameter.empty else parameters[name].default
        for name in _parameters(factory)
    }


def check_names(plugin: Plugin, written: Collection[str], known: Mapping[str, Any]) -> None:
    """Raise an error for a written name that is not a parameter."""
    for name in written:
        if name not in known:
            names = ", ".join(sorted(known)) or "none"
            raise BadParameter(
                f"{plugin.title} has no parameter {name!r}.{suggest(name, known)} Parameters: {names}."
            )


def check_required(plugin: Plugin, factory: Any, spec: Spec, given: Collection[str]) -> None:
    """Raise an error for a parameter without a default that neither the user nor the harness gives."""
    for name in _required(factory):
        if name not in given:
            more = " or -k, since the data has no classes" if name in (*K_NAMES, MIXED) else ""
            raise BadParameter(
                f"{plugin.title}: parameter {name!r} is required. Give {spec.name}({name}=...){more}."
            )
