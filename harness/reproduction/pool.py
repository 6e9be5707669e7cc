"""What was measured of the reports, as it is kept beside the pages that are made of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from ..errors import DataError

COMMON = "train-test"
STRICT = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, config=STRICT)
class Measured:
    """What was measured of one cell; `failed` says why there is nothing."""

    protocol: str
    encoder: str
    clusterer: str
    seeds: tuple[int | None, int | None]
    k: str
    numbers: dict[str, float]
    failed: str = ""


@dataclass(frozen=True, config=STRICT)
class Pool:
    """All that was measured, of which reports, on what, and whether it was less than the reports did."""

    cells: tuple[Measured, ...]
    reports: tuple[str, ...] = ()
    facts: dict[str, str] | None = None
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
    """Return what several bench files measured, each cell once, in an order of its own."""
    found: dict[tuple[Any, ...], Measured] = {}
    for each in cells:
        name = (each.protocol, each.encoder, each.clusterer, each.k, *map(_order, each.seeds))
        earlier: Mapping[str, float] = found[name].numbers if name in found else {}
        found[name] = replace(each, numbers={**earlier, **each.numbers})
    return tuple(found[name] for name in sorted(found))


def _order(seed: int | None) -> int:
    return -1 if seed is None else seed


def write_pool(pool: Pool) -> str:
    """Write it as JSON, a cell a line.

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
    """Read it again.

    Raises
    ------
    DataError
        When it is not as it must be.
    """
    try:
        return TypeAdapter(Pool).validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise DataError(f"reproductions are not as they must be: {where}: {first['msg']}") from None
