"""Data passed to `harness.bench`: names, paths, arrays, pairs of arrays and Datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from numbers import Real
from pathlib import Path
from typing import Any

from ..core.errors import BadParameter, HarnessError, brief_repr
from ..core.interfaces import Dataset
from ..data.to_dataset import to_dataset
from ..planning.datasets import open_dataset
from ..planning.invocations import is_own
from ..registry.registry import Registry
from .arguments import named


def data(given: Any, registry: Registry) -> Iterator[Dataset]:
    """Yield datasets from names, paths, arrays, pairs of arrays or Datasets.

    Parameters
    ----------
    given : str, Path, Dataset, X, pair (X, y), Bunch, a sequence of these, or a mapping from names to them
        X is an array, a frame, a sparse matrix or a list of rows.
    registry : Registry

    Raises
    ------
    HarnessError
        If there is no dataset, one is none of these, or two have the same name.
    """
    for dataset, *_ in named_data(given, registry):
        yield dataset


def named_data(given: Any, registry: Registry) -> Iterator[tuple[Dataset, str, bool]]:
    """Yield each dataset, its text on the command line if any, and whether it is the user's own data."""
    digests: dict[str, str] = {}
    for dataset, text in _each(given, registry):
        if digests.setdefault(dataset.name, dataset.digest) != dataset.digest:
            raise HarnessError(f"Two datasets are named {dataset.name!r}. Rename them with a mapping.")
        renamed = isinstance(given, Mapping) and dataset.name in given
        yield dataset, "" if renamed else text, is_own(text, registry)
    if not digests:
        raise BadParameter("datasets must not be empty: give a name such as 'digits', a path, X or (X, y).")


def _each(given: Any, registry: Registry) -> Iterator[tuple[Dataset, str]]:
    """Yield each dataset, and the text by which it is found; empty for an object."""
    if is_bunch(given) or _is_rows(given):
        yield _dataset(given, "data", registry), ""
    elif isinstance(given, Mapping):
        for name, each in named("datasets", given).items():
            data = _dataset(each, name, registry)
            yield data if data.name == name else replace(data, name=name), _text(each)
    elif isinstance(given, Sequence) and not isinstance(given, str) and not _is_pair(given):
        if _is_listed_pair(given):
            raise BadParameter(
                "datasets: a list means several datasets. Give samples and classes as a tuple (X, y)."
            )
        arrays = 0
        for each in given:
            arrays += not isinstance(each, str | Path | Dataset)
            yield _dataset(each, f"data-{arrays}" if arrays > 1 else "data", registry), _text(each)
    else:
        yield _dataset(given, "data", registry), _text(given)


def _text(given: Any) -> str:
    return str(given) if isinstance(given, str | Path) else ""


def is_bunch(given: Any) -> bool:
    """Return whether a mapping is one dataset with samples and labels, like scikit-learn's Bunch."""
    keys = set(given) if isinstance(given, Mapping) else set()
    return keys == {"X", "y"} or {"data", "target"} <= keys


def _is_pair(given: Any) -> bool:
    """Return whether this is (X, y), where y has one dimension or one column."""
    return isinstance(given, tuple) and len(given) == 2 and _is_data(given[0])


def _is_listed_pair(given: Sequence[Any]) -> bool:
    """Return whether this is [X, y], which must mean a pair (X, y)."""
    if len(given) != 2 or not hasattr(given[0], "__array__"):
        return False
    return isinstance(given[1], list) or getattr(given[1], "ndim", 0) == 1


def _is_rows(given: Any) -> bool:
    """Return whether this is a list of rows of numbers."""
    first = given[0] if isinstance(given, list) and given else None
    return isinstance(first, list | tuple) and bool(first) and isinstance(first[0], Real)


def _is_data(given: Any) -> bool:
    return (
        hasattr(given, "__array__")
        or hasattr(given, "toarray")
        or hasattr(given, "columns")
        or _is_rows(given)
    )


def _dataset(given: Any, name: str, registry: Registry) -> Dataset:
    if isinstance(given, Dataset):
        return given
    if isinstance(given, str | Path):
        return open_dataset(str(given), registry)
    from ..data.advice import PythonObject
    from ..data.python_objects import from_bunch, from_object
    from ..data.table_options import TableOptions

    where = PythonObject(f"dataset {name!r}")
    if is_bunch(given):
        return to_dataset(from_bunch(given, TableOptions(), where=where), name=name, where=where)
    samples, labels = given if _is_pair(given) else (given, None)
    if not _is_data(samples):
        raise BadParameter(
            "A dataset must be a name, a path, an array X, a frame, a sparse matrix, a pair (X, y), a "
            f"Bunch or a Dataset, got {brief_repr(given)}."
        )
    return to_dataset(from_object(samples, labels, TableOptions(), where=where), name=name, where=where)
