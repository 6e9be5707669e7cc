"""The data that a program gives to `harness.bench`: names, paths, arrays, pairs of arrays and Datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import BadParameter, HarnessError, error_line
from ..core.interfaces import Dataset
from ..data.to_dataset import Raw, to_dataset
from ..planning.datasets import open_dataset
from ..registry.registry import Registry
from .arguments import named


def data(given: Any, registry: Registry) -> Iterator[Dataset]:
    """Yield the datasets that are meant by names, paths, arrays or pairs of arrays, or are given as such.

    Parameters
    ----------
    given : str, Path, Dataset, array X, pair (X, y), a sequence of these, or a mapping from names to them
    registry : Registry

    Raises
    ------
    HarnessError
        When there is none, one is none of these, or two have one name, which would be one board.
    """
    digests: dict[str, str] = {}
    for dataset in _each(given, registry):
        if digests.setdefault(dataset.name, dataset.digest) != dataset.digest:
            raise HarnessError(f"Two datasets are named {dataset.name!r}. Name them by a mapping.")
        yield dataset
    if not digests:
        raise BadParameter("datasets must hold at least one: a name such as 'digits', a path, X or (X, y).")


def _each(given: Any, registry: Registry) -> Iterator[Dataset]:
    if isinstance(given, Mapping):
        for name, each in named("datasets", given).items():
            data = _dataset(each, name, registry)
            yield data if data.name == name else replace(data, name=name)
    elif isinstance(given, Sequence) and not isinstance(given, str) and not _is_pair(given):
        if _is_listed_pair(given):
            raise BadParameter("datasets: a list holds several of them. Write samples and classes as (X, y).")
        arrays = 0
        for each in given:
            arrays += not isinstance(each, str | Path | Dataset)
            yield _dataset(each, f"data-{arrays}" if arrays > 1 else "data", registry)
    else:
        yield _dataset(given, "data", registry)


def _is_pair(given: Any) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and hasattr(given[0], "__array__")


def _is_listed_pair(given: Sequence[Any]) -> bool:
    """Whether this is [X, y], by which a pair (X, y) must be meant."""
    if len(given) != 2 or not hasattr(given[0], "__array__"):
        return False
    return isinstance(given[1], list) or getattr(given[1], "ndim", 0) == 1


def _dataset(given: Any, name: str, registry: Registry) -> Dataset:
    if isinstance(given, Dataset):
        return given
    if isinstance(given, str | Path):
        return open_dataset(str(given), registry)
    samples, labels = given if _is_pair(given) else (given, None)
    if not hasattr(samples, "__array__"):
        raise BadParameter(
            f"A dataset must be a name, a path, an array X, a pair (X, y) or a Dataset, got {given!r:.60}."
        )
    raw = Raw(_array("X", samples, name), None if labels is None else _array("y", labels, name))
    return to_dataset(raw, name=name, where=f"dataset {name!r}")


def _array(what: str, given: Any, name: str) -> NDArray[Any]:
    try:
        return np.asarray(given)
    except Exception as error:  # whatever the __array__ of some library raises
        raise BadParameter(
            f"Dataset {name!r}: {what} cannot be made an array of NumPy: {error_line(error)}"
        ) from None
