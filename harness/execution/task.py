"""A stage with all its inputs, so that it can be sent to another process or machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.interfaces import Dataset
from ..core.mapped_rows import MappedRows, as_floats
from ..core.plan import Stage
from ..core.plugin import Plugin
from ..core.record import INPUT, SAMPLES, Record
from ..store.arrays import Arrays
from ..store.store import Store
from .reuse import fits_of


@dataclass(frozen=True)
class Shared:
    """A dataset whose samples and classes are in a store, and memory-mapped on use.

    Parameters
    ----------
    state : mapping
        The fields of the dataset, these two arrays left out.
    samples, truth : str
        Digests of the arrays; of the classes it is empty where there are none.
    dtype : str
        Of the samples; those of a large file are stored in the file's own.
    """

    state: Mapping[str, Any]
    samples: str
    truth: str
    dtype: str = "float32"

    @staticmethod
    def of(dataset: Dataset, samples: str, truth: str) -> Shared:
        """Describe a dataset by its stored arrays."""
        state = {name: value for name, value in vars(dataset).items() if name not in ("samples", "truth")}
        return Shared(state, samples, truth, dataset.samples.dtype.name)

    def open(self, arrays: Arrays) -> Dataset:
        """Return the dataset, which was validated at creation."""
        dataset = Dataset.__new__(Dataset)
        truth = arrays.get(self.truth) if self.truth else None
        samples = as_floats(arrays.get(self.samples), self.dtype, self.state["scaling"])
        vars(dataset).update(self.state, samples=samples, truth=truth)
        return dataset


def share(dataset: Dataset, store: Store) -> Shared:
    """Write a dataset's missing arrays to a store, and return their digests."""
    identity = f"{dataset.digest} {dataset.truth_digest}"
    found = store.shared(identity)
    named = ("class_names" in found) == bool(dataset.class_names)  # older stores have no names
    if not found or not named or not all(store.arrays.has(digest) for digest in found.values()):
        samples = dataset.samples.raw if isinstance(dataset.samples, MappedRows) else dataset.samples
        found = {"samples": store.arrays.put(samples, lasting=False)}
        if dataset.truth is not None:
            found["truth"] = store.arrays.put(dataset.truth, lasting=False)
        if dataset.class_names:
            found["class_names"] = store.arrays.put(np.array(dataset.class_names, dtype=str), lasting=False)
        store.put_shared(identity, found)
    return Shared.of(dataset, found["samples"], found.get("truth", ""))


_held: list[tuple[Shared, Dataset]] = []


@dataclass(frozen=True)
class Task:
    """A stage, the dataset, and the records of the stages before it.

    Parameters
    ----------
    stage : Stage
    data : Shared
    arrays : Arrays
        Store of arrays.
    before : mapping
        The available records of earlier stages, by key.
    beside : tuple of Stage
        More stages of its batch.
    """

    stage: Stage
    data: Shared
    arrays: Arrays
    before: Mapping[str, Record]
    beside: tuple[Stage, ...] = ()

    @property
    def plugin(self) -> Plugin:
        """Its plugin."""
        return self.stage.plugin

    @property
    def dataset(self) -> Dataset:
        """The dataset; each process keeps the last one open."""
        if not _held or _held[0][0] != self.data:
            _held[:] = [(self.data, self.data.open(self.arrays))]
        return _held[0][1]

    @property
    def fits(self) -> list[Record | None]:
        """The records of the stage's candidate fits, in order."""
        return fits_of(self.stage, self.before.get)

    def read(self, key: str, name: str) -> NDArray[Any] | None:
        """Return an array of an earlier stage, or None if it has none."""
        record = self.before.get(key)
        digest = record.arrays.get(name) if record is not None else None
        return None if digest is None else self._array(digest, name)

    def keep(self, name: str, array: NDArray[Any]) -> str:
        """Store an array, unless it is the input itself, and return its entry in the record."""
        if self.stage.kind == "encode" and name in ("fitted", "other"):
            parents = self.stage.parents
            source = self.read(parents[0], name) if parents else self._array(SAMPLES, name)
            if source is not None and source.shape == array.shape and _same_rows(array, source):
                return INPUT
        return self.arrays.put(array)

    def _array(self, digest: str, name: str) -> NDArray[Any]:
        if digest != SAMPLES:
            return self.arrays.get(digest)
        part = self.stage.fitted if name == "fitted" else "test"
        return self.dataset.samples[self.dataset.rows(part)]


def _same_rows(one: Any, other: Any) -> bool:
    if isinstance(one, MappedRows) and isinstance(other, MappedRows):
        return np.shares_memory(one.raw, other.raw)
    both = isinstance(one, np.ndarray) and isinstance(other, np.ndarray)
    return both and np.shares_memory(one, other)
