"""Model of a configuration file: what to run, with which grids and limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from pydantic import AfterValidator, Discriminator, Field, Tag, create_model, field_validator, model_validator

from ...core.choices import STAGE_KINDS
from ...core.errors import BadParameter
from ...core.limits import BUDGET, read_size, write_size
from ...core.spec import BARRED, SIGNS
from ..request import DEFAULTS, OPTIONS, Request, value_type
from .grid import Chain, Choice, Model, Named

T = TypeVar("T")
Text = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(gt=0)]


class Plugins(Model):
    """The user's own plugins: files with hooks, and names with their locations by kind.

    A location is an import path, ``package.module:Thing``, or a file, ``my_plugins.py:Thing``.
    """

    files: list[str] = Field(default=[])
    encoders: dict[str, str] = Field(default={})
    clusterers: dict[str, str] = Field(default={})
    metrics: dict[str, str] = Field(default={})
    datasets: dict[str, str] = Field(default={})

    @field_validator("encoders", "clusterers", "metrics", "datasets")
    @classmethod
    def _places(cls, places: dict[str, str]) -> dict[str, str]:
        for name, place in places.items():
            if not name or set(name) & {*BARRED, ","}:
                raise ValueError(f"{name!r} must be a plain word without , {SIGNS}")
            if not re.fullmatch(r".+:[^\W\d][\w.]*", place):
                raise ValueError(f"{name!r} must be at 'module:Name' or 'file.py:Name', got {place!r}")
        return places


class Timeout(Model):
    """Time limit per stage in seconds, by kind; a single number applies to all kinds."""

    encode: Seconds | None = None
    cluster: Seconds | None = None
    score: Seconds | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_number(cls, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, int | float):
            return data
        if not data > 0:
            raise ValueError(f"must be more than 0 seconds, got {data}")
        return dict.fromkeys(STAGE_KINDS, data)


def _kind(entry: Any) -> str:
    """Choose by the key `steps`, so that errors name only the intended kind."""
    return "=chain" if isinstance(entry, Chain) or (isinstance(entry, dict) and "steps" in entry) else "=one"


Encoder = Annotated[Annotated[Named, Tag("=one")] | Annotated[Chain, Tag("=chain")], Discriminator(_kind)]


def refused(read: Callable[..., T], *values: Any, **options: Any) -> T:
    """Call a function, and convert its `BadParameter` to an error for pydantic."""
    try:
        return read(*values, **options)
    except BadParameter as error:
        raise ValueError(str(error)) from None


def _path(text: str) -> Path:  # pydantic cannot inspect how to call the class
    return Path(text)


CHECKED: dict[Any, Any] = {
    int: Annotated[int, Field(ge=1)],
    str: Text,
    Path: Annotated[Text, AfterValidator(_path)],
}


def checked(name: str) -> Any:
    """Return the type and default of an option for pydantic: lists, and paths as text."""
    (hint, several), default = value_type(name), DEFAULTS[name]
    value: Any = CHECKED.get(hint, hint)
    if several:
        return list[value], Field([*default], min_length=min(1, len(default)))
    return (value | None if default is None else value), default


class Options(Model):
    """Options with checks across several, or in other forms than in `Request`."""

    timeout: Timeout | None = None
    metric_budget: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = BUDGET

    @model_validator(mode="after")
    def _seeds(self) -> Self:
        values = dict(self)
        refused(Request, **{name: values[name] for name in ("seeds", "encoder_seeds", "clusterer_seeds")})
        return self


class Tables(Options):
    """Keys with tables: entries with grids, plugins by kind."""

    datasets: list[Choice] = Field(default=[])
    encoders: list[Encoder] = Field(default=[])
    clusterers: list[Named] = Field(default=[])
    metrics: list[Choice] = Field(default=[])
    memory: str | None = None
    plugins: Plugins = Plugins()

    @field_validator("memory")
    @classmethod
    def _size(cls, memory: str | None) -> str | None:
        return None if memory is None else write_size(refused(read_size, memory))

    def options(self) -> dict[str, Any]:
        """Return the options set in the file by name, as on the command line."""
        given = {name: getattr(self, name) for name in self.model_fields_set - {"plugins"}}
        for name in given.keys() & {"datasets", "encoders", "clusterers", "metrics"}:
            given[name] = [text for each in given[name] for text in each.texts()]
        if self.timeout is not None:
            seconds = self.timeout.model_dump(exclude_none=True)
            given["timeout"] = ",".join(f"{kind}={most!r}" for kind, most in seconds.items())
        return {name: value for name, value in given.items() if value not in (None, "", [])}


Config: type[Tables] = create_model(
    "Config",
    __base__=Tables,
    __doc__="A whole benchmark. Each key means what the option of that name means on the command line.",
    **{name: checked(name) for name in OPTIONS if name not in Tables.model_fields},
)
