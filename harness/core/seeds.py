"""Seed parameters, and the seeds in a stage's key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SEED_NAMES = ("random_state", "seed", "random_seed")


def is_seed(name: str) -> bool:
    """Return whether a parameter, perhaps of a nested estimator, is a seed.

    Examples
    --------
    >>> is_seed("kmeans__random_state"), is_seed("n_seeds")
    (True, False)
    """
    return name.rpartition("__")[2] in SEED_NAMES


def seeds_in(facts: Mapping[str, Any]) -> list[Any]:
    """Return all seeds in the key of a stage, without None.

    Examples
    --------
    >>> seeds_in({"params": {"mapping": [["tol", 0.1], ["random_state", 72], ["svd__seed", None]]}})
    [72]
    """
    pairs = (facts.get("params") or {}).get("mapping", [])
    return [value for name, value in pairs if is_seed(name) and value is not None]


def written_seeds(facts: Mapping[str, Any], seed: int | None) -> list[Any]:
    """Return seeds given by the user: the run has another one, or none.

    Examples
    --------
    >>> written_seeds({"params": {"mapping": [["random_state", 72]]}}, None)
    [72]
    """
    return [each for each in seeds_in(facts) if each != seed or isinstance(each, bool)]


def unseeded(facts: Mapping[str, Any]) -> bool:
    """Return whether a stage had no seed parameter, and ran with global generators set to the run's seed."""
    return facts.get("seed") is not None
