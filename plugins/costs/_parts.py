"""Costs that several plugins are made of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness import Cost

Params = Mapping[str, Any]


def number(params: Params, name: str, default: int) -> int:
    """Return a parameter, or a typical value if it is text or None.

    Examples
    --------
    >>> number({"n_init": "auto"}, "n_init", 1), number({"n_init": 4}, "n_init", 1)
    (1, 4)
    """
    value = params.get(name)
    return value if isinstance(value, int) else default


def half_the_pairs(n: int, d: int, labelings: int = 1) -> float:
    """Return the operations of silhouettes: half of all pairs, as distances are symmetric.

    Examples
    --------
    >>> half_the_pairs(1000, 10) == 310e6
    True
    """
    return n * n / 2 * (540 + 60 * labelings + 2 * d)


def per_row(row: float, feature: float = 0.0, cluster: float = 0.0, memory: float = 0.0) -> Any:
    """Return the cost of a method linear in n; `cluster` is per row and cluster, `memory` bytes per value."""
    return lambda n, d, k, params: Cost(n * (row + feature * d + cluster * k), memory * n * d)


def per_pair(pair: float, feature: float = 0.0, memory: float = 0.0) -> Any:
    """Return the cost of a method that looks at all pairs of samples; `memory` in bytes per pair."""
    return lambda n, d, k, params: Cost(n * n * (pair + feature * d), memory * n * n)
