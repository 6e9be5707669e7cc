"""Validation of the keywords of `harness.bench`; errors state what is allowed."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from textwrap import fill, indent
from typing import Any, TypeVar, cast, get_args

import numpy as np
from pydantic import Field, ValidationError, create_model, field_validator

from ..core.errors import BadParameter, UnknownName, brief_repr, suggest
from ..core.limits import read_size, read_times
from ..planning.config.messages import TOML, described
from ..planning.config.model import Options, checked, refused
from ..planning.request import OPTIONS, Request, store_folder, value_type

F = TypeVar("F", bound=Callable[..., Any])
OBJECTS = ("datasets", "encoders", "clusterers", "metrics")  # read elsewhere, since they may be objects
PYTHON = {
    **TOML,
    "string_type": "must be text or a path",
    "list_type": "must be one or several in a list",
    "bool_type": "must be True or False",
}


class _Keywords(Options):
    """Keywords that Python accepts in other forms than a configuration file."""

    jobs: int | None = Field(None, ge=0)  # with 0, stages run in this process
    memory: Any = None

    @field_validator("memory")
    @classmethod
    def _size(cls, memory: Any) -> int | None:
        if isinstance(memory, str):
            return refused(read_size, memory)
        if memory is None or (isinstance(memory, int) and not isinstance(memory, bool) and memory >= 1):
            return memory
        raise ValueError(
            f"must be bytes, a whole number of at least 1, or text, e.g. '4G', got {brief_repr(memory)}"
        )

    @field_validator("timeout", mode="before")
    @classmethod
    def _times(cls, timeout: Any) -> Any:
        if timeout == {}:
            raise ValueError("must name encode, cluster or score, e.g. {'encode': 3600}, got {}")
        return refused(read_times, timeout) if isinstance(timeout, str) else timeout


KEYWORDS = create_model(
    "KEYWORDS",
    __base__=_Keywords,
    **{name: checked(name) for name in OPTIONS if name not in {*_Keywords.model_fields, *OBJECTS}},
)


def read_request(given: Mapping[str, Any]) -> Request:
    """Validate the keywords that are options: all but datasets, encoders, clusterers and metrics.

    Raises
    ------
    BadParameter
        If keywords have a wrong type or value, one line each, or if two exclude each other.

    Examples
    --------
    >>> read_request({"seeds": np.int64(3), "protocols": "full", "timeout": 60}).timeout["score"]
    60.0
    """
    values = {name: _plain(name, given[name]) for name in KEYWORDS.model_fields if name in given}
    if values.get("protocols", ()) is None:  # by default that of a suite, if there is one
        del values["protocols"]
    if values.get("store") in (None, ""):
        values["store"] = str(store_folder(None))
    try:
        model = KEYWORDS.model_validate(values)
    except ValidationError as error:
        raise BadParameter("\n".join(map(_described, error.errors(include_url=False)))) from None
    read = {name: getattr(model, name) for name in values}
    if model.timeout is not None:
        read["timeout"] = model.timeout.model_dump(exclude_none=True)
    request = Request(**read)
    if request.jobs == 0 and (request.timeout or request.memory):
        raise BadParameter(
            "timeout and memory need worker processes, which can be stopped: use jobs=1 or more."
        )
    if request.dask is not None and (request.jobs == 0 or not request.dask.strip()):
        raise BadParameter(
            "dask must be an address, e.g. 'tcp://host:8786', or 'local', with jobs=1 or more, "
            f"got {request.dask!r} and jobs={request.jobs}."
        )
    return request


def _plain(name: str, value: Any) -> Any:
    """Return a value in the types of a configuration file: paths as text, no NumPy scalars, lists."""
    if value_type(name)[1]:
        if isinstance(value, str | os.PathLike):
            value = [value]
        return [_scalar(each) for each in value] if isinstance(value, Iterable) else value
    if isinstance(value, Mapping):
        return {key: _scalar(each) for key, each in value.items()}
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    return os.fspath(value) if isinstance(value, os.PathLike) else value


def _described(found: Any) -> str:
    """Return the error message for a keyword."""
    loc, reason = described(found, PYTHON)
    if not loc:
        return reason[0].upper() + reason[1:]
    where = f"{loc[0]}{''.join(f'[{part!r}]' for part in loc[1:])}"
    return f"{where} {reason}" if reason.startswith("must ") else f"{where}: {reason}"


def read_progress(value: Any) -> bool | Callable[[Any], None]:
    """Return whether to show progress, or the function to call with it."""
    if callable(value) and not isinstance(value, type):
        return cast(Callable[[Any], None], value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise BadParameter(
        f"progress must be True, False or a function of one argument, got {brief_repr(value)}."
    )


def with_options(function: F) -> F:
    """Insert the options into a docstring in place of OPTIONS, and suggest names for unknown keywords."""
    parameters = inspect.signature(function).parameters

    @wraps(function)
    def call(*args: Any, **keywords: Any) -> Any:
        for name in keywords:
            if name not in parameters:
                near = suggest(name, parameters)
                raise UnknownName(
                    f"harness.bench has no keyword {name!r}.{near} Keywords: {', '.join(parameters)}."
                )
        return function(*args, **keywords)

    described = "\n".join(
        _documented(each) for each in parameters.values() if each.name in OPTIONS.keys() - {*OBJECTS}
    )
    call.__doc__ = (function.__doc__ or "").replace("    OPTIONS", described)
    return cast(F, call)


def _documented(parameter: inspect.Parameter) -> str:
    option = OPTIONS[parameter.name]
    words = get_args(value_type(parameter.name)[0])
    known = f" One of {', '.join(words)}." if words and not option.read else ""
    text = fill(f"{option.help}{known} {option.note}".strip(), 100, break_on_hyphens=False)
    head = f"    {parameter.name} : {parameter.annotation}, default {parameter.default!r}\n"
    return head + indent(text, " " * 8)


def named(what: str, given: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Return a mapping whose keys, names on boards, are text."""
    for name in given:
        if not isinstance(name, str) or not name.strip():
            example = "" if not str(name).strip() else f" Use {str(name)!r}."
            raise BadParameter(f"{what}: a name must be text, got {brief_repr(name)}.{example}")
    return given
