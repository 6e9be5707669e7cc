"""Entries of a configuration, and the grids they expand to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ...core.spec import BARRED, PLAIN, SIGNS, display, split_chain

MOST = 10_000  # entries of one grid: more are probably a mistake


class Model(BaseModel):
    """A table of a configuration, without extra keys or type conversions."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Choice(Model):
    """A plugin or a dataset, with lists of values for its parameters: every combination is one entry.

    A list of values expands to as many entries; a value that is itself a list is nested,
    ``[[64, 32]]``.

    Examples
    --------
    >>> list(Choice(name="pca", params={"n_components": [10, 20], "whiten": True}).texts())
    ['pca(n_components=10, whiten=True)', 'pca(n_components=20, whiten=True)']
    >>> list(Choice(name="dense-ae-torch", params={"hidden": [[64, 32]]}).texts())
    ['dense-ae-torch(hidden=[64, 32])']
    """

    name: str = Field(min_length=1)
    params: dict[str, Any] = Field(default={})

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        """Read text as a name, as on the command line."""
        return {"name": data} if isinstance(data, str) else data

    @field_validator("params")
    @classmethod
    def _plain(cls, params: dict[str, Any]) -> dict[str, Any]:
        for name, value in params.items():
            if not name.isidentifier():
                raise ValueError(f"{name!r} is not a valid parameter name")
            if value == []:
                raise ValueError(f"{name!r} has no values; for an empty list as a value, write [[]]")
            check_plain(name, value)
        return params

    @model_validator(mode="after")
    def _once(self) -> Choice:
        if self.params and "(" in self.name:
            raise ValueError(f"{self.name!r} already has parameters: write all of them under params")
        _check_size([self])
        return self

    def lengths(self) -> dict[str, int]:
        """Return the number of values of each parameter with more than one."""
        lists = {name: len(value) for name, value in self.params.items() if isinstance(value, list)}
        return {name: length for name, length in lists.items() if length > 1}

    def grid(self) -> Iterator[dict[str, Any]]:
        """Yield every combination of the values, the last parameter varying fastest."""
        values = [value if isinstance(value, list) else [value] for value in self.params.values()]
        for combination in product(*values):
            yield dict(zip(self.params, combination, strict=True))

    def texts(self) -> Iterator[str]:
        """Yield the entries as written on the command line."""
        for params in self.grid():
            yield display(self.name, params)


class Named(Choice):
    """An encoder or a clusterer, with an optional alias for boards."""

    alias: str = ""

    @field_validator("alias")
    @classmethod
    def _sound(cls, alias: str) -> str:
        if set(alias) & set(BARRED):
            raise ValueError(f"{alias!r} must not contain {SIGNS}")
        return alias

    @model_validator(mode="after")
    def _distinct(self) -> Named:
        _check_single(self)
        if self.alias:
            list(self.texts())  # a grid under one name is an error
        return self

    def texts(self) -> Iterator[str]:
        """Yield the entries as written on the command line, including aliases."""
        yield from _aliased(self.alias, [(display(self.name, each), each) for each in self.grid()])


class Chain(Model):
    """A chain of encoders, each with its own grid.

    Examples
    --------
    >>> steps = ["pca", {"name": "umap", "params": {"n_neighbors": [5, 15]}}]
    >>> list(Chain(steps=steps, alias="p-{n_neighbors}").texts())
    ['p-5=pca+umap(n_neighbors=5)', 'p-15=pca+umap(n_neighbors=15)']
    """

    steps: list[Choice] = Field(min_length=1)
    alias: str = ""
    _sound = field_validator("alias")(Named._sound.__func__)  # type: ignore[attr-defined]

    @model_validator(mode="after")
    def _distinct(self) -> Chain:
        for step in self.steps:
            _check_single(step)
        _check_size(self.steps)
        if self.alias:
            list(self.texts())
        return self

    def texts(self) -> Iterator[str]:
        """Yield the entries as written on the command line."""
        entries = []
        for combination in product(*(list(step.grid()) for step in self.steps)):
            parts = zip(self.steps, combination, strict=True)
            text = "+".join(display(step.name, params) for step, params in parts)
            entries.append((text, {name: value for each in combination for name, value in each.items()}))
        yield from _aliased(self.alias, entries)


def _check_size(steps: Sequence[Choice]) -> None:
    """Raise an error for a grid that is too large, before it is expanded."""
    lengths = [(name, length) for step in steps for name, length in step.lengths().items()]
    count = prod(length for _, length in lengths)
    if count > MOST:
        lists = ", ".join(f"{name} has {length:,}" for name, length in lengths)
        raise ValueError(
            f"expands to {count:,} entries, the limit is {MOST:,}: of values {lists}. Shorten a list; to "
            "give a list as one value, nest it: [[64, 32]]"
        )


def _check_single(choice: Choice) -> None:
    """Raise an error for parameters that would apply only to the last step of a chain."""
    if choice.params and len(split_chain(choice.name)) > 1:
        raise ValueError(
            f"{choice.name!r} is a chain: write steps = [{{name = ..., params = ...}}, ...] instead of a "
            "name with +, so that each step has its own params"
        )


def check_plain(name: str, value: Any) -> None:
    """Refuse a value of TOML that cannot be written on the command line, such as a date."""
    if not isinstance(value, (*PLAIN, list, dict)):  # other TOML types: dates and times
        raise ValueError(f"{name!r} must be a number, a word, true, false, a list or a table, got {value}")
    parts: Any = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in parts:
        check_plain(name, each)


def _aliased(alias: str, entries: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Yield each entry with its name, in which ``{parameter}`` is replaced by the parameter's value.

    Raises
    ------
    ValueError
        If there is no such parameter, or several entries would have one name.
    """
    if not alias:
        yield from (text for text, _ in entries)
        return
    found: dict[str, str] = {}
    for text, values in entries:

        def filled(match: re.Match[str], values: Mapping[str, Any] = values) -> str:
            if match[1] not in values:
                known = ", ".join(values) or "none"
                raise ValueError(f"alias {alias!r}: unknown parameter {match[1]!r}. Parameters: {known}")
            return str(values[match[1]])

        name = re.sub(r"\{(\w+)\}", filled, alias).strip()
        if not name or set(name) & set(BARRED):
            raise ValueError(f"alias {alias!r}: {name!r} is not a name, since it must not contain {SIGNS}")
        if name in found:
            example = next((f"{alias}-{{{each}}}" for each in values), alias)
            raise ValueError(f"alias {alias!r} names several entries of a grid; write alias = {example!r}")
        found[name] = text
    yield from (f"{name}={text}" for name, text in found.items())
