"""Entries of a configuration, and the grids that they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from ...core.spec import BARRED, PLAIN, SIGNS, display, split_chain

MOST = 10_000  # entries of one grid: more are a slip, or need a plan of their own


class Model(BaseModel):
    """A table of a configuration: it has no other keys, and nothing is turned into what it is not."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Choice(Model):
    """A plugin or a dataset, with lists of values for its parameters: every combination is one entry.

    A list of values stands for as many entries; a value that is a list itself is written within another,
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
        """Take text for a name, as on the command line."""
        return {"name": data} if isinstance(data, str) else data

    @field_validator("params")
    @classmethod
    def _plain(cls, params: dict[str, Any]) -> dict[str, Any]:
        for name, value in params.items():
            if not name.isidentifier():
                raise ValueError(f"{name!r} cannot be the name of a parameter")
            if value == []:
                raise ValueError(f"{name!r} has no values; an empty list as a value is written [[]]")
            _check_plain(name, value)
        return params

    @model_validator(mode="after")
    def _once(self) -> Choice:
        if self.params and "(" in self.name:
            raise ValueError(f"{self.name!r} has parameters already: write them all under params")
        _check_size([self])
        return self

    def lengths(self) -> dict[str, int]:
        """Return how many values each parameter has that has more than one."""
        lists = {name: len(value) for name, value in self.params.items() if isinstance(value, list)}
        return {name: length for name, length in lists.items() if length > 1}

    def grid(self) -> Iterator[dict[str, Any]]:
        """Yield every combination of the values, those of the last parameter changing first."""
        values = [value if isinstance(value, list) else [value] for value in self.params.values()]
        for combination in product(*values):
            yield dict(zip(self.params, combination, strict=True))

    def texts(self) -> Iterator[str]:
        """Yield what this stands for, as it is written on the command line."""
        for params in self.grid():
            yield display(self.name, params)


class Named(Choice):
    """An encoder or a clusterer, with a name of its own for boards where there is an alias."""

    alias: str = ""

    @field_validator("alias")
    @classmethod
    def _sound(cls, alias: str) -> str:
        if set(alias) & set(BARRED):
            raise ValueError(f"{alias!r} must be without {SIGNS}")
        return alias

    @model_validator(mode="after")
    def _distinct(self) -> Named:
        _check_single(self)
        if self.alias:
            list(self.texts())  # a grid under one name is an error
        return self

    def texts(self) -> Iterator[str]:
        """Yield what this stands for, as it is written on the command line, aliases included."""
        yield from _aliased(self.alias, [(display(self.name, each), each) for each in self.grid()])


class Chain(Model):
    """Encoders, one after the other, each with a grid of its own.

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
        """Yield what this stands for, as it is written on the command line."""
        entries = []
        for combination in product(*(list(step.grid()) for step in self.steps)):
            parts = zip(self.steps, combination, strict=True)
            text = "+".join(display(step.name, params) for step, params in parts)
            entries.append((text, {name: value for each in combination for name, value in each.items()}))
        yield from _aliased(self.alias, entries)


def _check_size(steps: Sequence[Choice]) -> None:
    """Refuse a grid that nobody could wait for, before it is expanded."""
    lengths = [(name, length) for step in steps for name, length in step.lengths().items()]
    count = prod(length for _, length in lengths)
    if count > MOST:
        lists = ", ".join(f"{name} has {length:,}" for name, length in lengths)
        raise ValueError(
            f"stands for {count:,} entries, and {MOST:,} is the most: of values {lists}. "
            "Shorten a list; a value that is a list itself is written within another, [[64, 32]]"
        )


def _check_single(choice: Choice) -> None:
    """Refuse parameters that would go to the last step of a chain alone."""
    if choice.params and len(split_chain(choice.name)) > 1:
        raise ValueError(
            f"{choice.name!r} is a chain: write steps = [{{name = ..., params = ...}}, ...] instead of "
            "a name with +, so that params say whose they are"
        )


def _check_plain(name: str, value: Any) -> None:
    if not isinstance(value, (*PLAIN, list, dict)):  # what else TOML has: dates and times
        raise ValueError(f"{name!r} must be a number, a word, true, false, a list or a table, got {value}")
    parts: Any = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in parts:
        _check_plain(name, each)


def _aliased(alias: str, entries: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Yield each entry with its name, in which ``{parameter}`` stands for the value of a parameter.

    Raises
    ------
    ValueError
        When there is no such parameter, or several entries would have one name.
    """
    if not alias:
        yield from (text for text, _ in entries)
        return
    found: dict[str, str] = {}
    for text, values in entries:

        def filled(match: re.Match[str], values: Mapping[str, Any] = values) -> str:
            if match[1] not in values:
                known = ", ".join(values) or "none"
                raise ValueError(f"alias {alias!r}: there is no parameter {match[1]!r}. Parameters: {known}")
            return str(values[match[1]])

        name = re.sub(r"\{(\w+)\}", filled, alias).strip()
        if not name or set(name) & set(BARRED):
            raise ValueError(f"alias {alias!r}: {name!r} is no name, as it must be without {SIGNS}")
        if name in found:
            example = next((f"{alias}-{{{each}}}" for each in values), alias)
            raise ValueError(f"alias {alias!r} names several entries of a grid; write alias = {example!r}")
        found[name] = text
    yield from (f"{name}={text}" for name, text in found.items())
