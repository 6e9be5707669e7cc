"""Measurements for the reports, as stored with the pages made from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Annotated, Any

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from harness.core.errors import DataError

COMMON = "train-test"
STRICT = ConfigDict(extra="forbid", strict=True)
MOST = 5_000  # cells per file
Number = Annotated[float, Field(gt=-1e12, lt=1e12, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=500)]
Row = tuple[str, str, str]  # encoder, clusterer and K


@dataclass(frozen=True, config=STRICT)
class Measured:
    """The measurements of one cell; `failed` has the reason if there are none."""

    protocol: Name
    encoder: Name
    clusterer: Name
    seeds: tuple[int | None, int | None]
    k: Name
    numbers: dict[Name, Number]
    failed: str = ""

    @property
    def row(self) -> Row:
        """The identity of its row, shared by runs with other seeds."""
        return self.encoder, self.clusterer, self.k

    @property
    def name(self) -> tuple[Any, ...]:
        """A unique, sortable name."""
        return (self.protocol, *self.row, *(-1 if seed is None else seed for seed in self.seeds))


@dataclass(frozen=True, config=STRICT)
class Pool:
    """All measurements, with their reports, data, and whether the run was quick."""

    cells: Annotated[tuple[Measured, ...], Field(max_length=MOST)]
    reports: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    facts: dict[Name, str] | None = None
    quick: bool = False

    def of(self, protocol: str, encoder: str, clusterers: str | Sequence[str]) -> list[Measured]:
        """Return the cells of a pipeline, or of several clusterers on one encoder."""
        wanted = [clusterers] if isinstance(clusterers, str) else list(clusterers)
        return [
            each
            for each in self.cells
            if (each.protocol, each.encoder) == (protocol, encoder) and each.clusterer in wanted
        ]


def gathered(cells: Iterable[Measured]) -> tuple[Measured, ...]:
    """Merge the measurements of several configurations, each cell once, sorted."""
    newest: dict[tuple[Any, ...], Measured] = {}
    for each in cells:
        earlier: Mapping[str, float] = newest[each.name].numbers if each.name in newest else {}
        newest[each.name] = replace(each, numbers={**earlier, **each.numbers})
    return tuple(newest[name] for name in sorted(newest))


def write_pool(pool: Pool) -> str:
    """Format as JSON, one cell per line.

    Examples
    --------
    >>> pool = Pool((Measured("train", "pca", "kmeans", (None, 0), "10 given", {"nmi": 0.5}),), ("r1",), {})
    >>> read_pool(write_pool(pool)) == pool
    True
    """
    head = json.dumps({"quick": pool.quick, "reports": pool.reports, "facts": pool.facts or {}}, indent=1)
    cells = ",\n".join(json.dumps(asdict(each)) for each in pool.cells)
    return f'{head[:-2]},\n "cells": [\n{cells}\n]}}\n'


def read_pool(text: str) -> Pool:
    """Read it from JSON.

    Raises
    ------
    DataError
        If it is invalid, or has a duplicate cell or report.
    """
    try:
        pool = TypeAdapter(Pool).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"invalid reproductions: {where}: {first['msg']}") from None
    for several in ([each.name for each in pool.cells], pool.reports):
        if len(set(several)) < len(several):
            raise DataError("invalid reproductions: duplicate entries")
    return pool
