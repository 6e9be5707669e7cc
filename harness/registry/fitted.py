"""Attributes of a fitted estimator to store with its embedding or labels.

Separate from `stages`, whose code is part of every key: storing one more attribute changes no result.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

NUMBERS = (
    *("inertia_", "n_iter_", "best_epoch_", "n_parameters_", "n_clusters_", "lower_bound_"),
    *("bic_", "aic_", "icl_", "eps_"),
)
TABLES = ("history_", "selection_", "summary_")
RECONSTRUCTED = 32  # first rows whose reconstruction is stored for viewing


def tell(estimator: Any) -> dict[str, Any]:
    """Return the numbers and tables of a fitted estimator as plain JSON, named without underscore.

    Examples
    --------
    >>> class Fitted:
    ...     inertia_ = np.float32(2.5)
    ...     history_ = {"loss": np.array([0.5, 0.25])}
    >>> tell(Fitted())
    {'inertia': 2.5, 'history': {'loss': [0.5, 0.25]}}
    """
    values: dict[str, Any] = {}
    for name in NUMBERS:
        value = getattr(estimator, name, None)
        if isinstance(value, int | float | np.generic):
            values[name.rstrip("_")] = _plain(value)
    for name in TABLES:
        value = getattr(estimator, name, None)
        if isinstance(value, Mapping | list | tuple | np.ndarray):
            values[name.rstrip("_")] = _plain(value)
    return values


def show(encoder: Any, inputs: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return as `reconstructed` an encoder's `reconstruct` of the first rows, if it has the method.

    Examples
    --------
    >>> show(object(), np.zeros((3, 2)))
    {}
    """
    if not hasattr(encoder, "reconstruct"):
        return {}
    first = np.asarray(inputs[:RECONSTRUCTED])
    return {"reconstructed": np.asarray(encoder.reconstruct(first), dtype=np.float32)}


def _plain(value: Any) -> Any:
    """Convert NumPy numbers and arrays, tuples and mappings to JSON types."""
    if isinstance(value, np.generic | np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None  # JSON has no infinity
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
