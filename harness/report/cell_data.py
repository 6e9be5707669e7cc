"""A cell with its scores, labels, embedding and samples, loaded on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from numpy.typing import NDArray

from ..core.cell import CellRecord
from ..core.interfaces import Floats, Labels
from ..core.mapped_rows import as_floats
from ..core.record import SAMPLES, Record, brief
from ..leaderboard.build import records_of, shown_cells
from ..store.store import Store

SHORT = 12  # digits of an identity that name a cell


@dataclass(frozen=True)
class Data:
    """The arrays of a dataset from a store; each is empty or None if missing.

    Parameters
    ----------
    samples : ndarray of shape (n, d), float32, or None
    truth : ndarray of shape (n,), int64, or None
    class_names : sequence of str
        Of the classes 0, 1, ...
    image_shape : tuple (height, width, channels), or None
    """

    samples: Floats | None
    truth: Labels | None
    class_names: Sequence[str]
    image_shape: tuple[int, int, int] | None


@dataclass(frozen=True)
class StoredCell:
    """A cell of a board, with its data in a store.

    Parameters
    ----------
    store : Store
    record : CellRecord
    records : mapping
        The records of its stages by key.
    data : Data
    row : sequence of StoredCell
        The cells of the same encoder, clusterer and K, this one among them, in the order of their seeds.
    """

    store: Store
    record: CellRecord
    records: Mapping[str, Record]
    data: Data
    row: Sequence[StoredCell]

    @property
    def id(self) -> str:
        """Twelve hexadecimal digits that identify the cell, on any machine."""
        return self.record.identity[:SHORT]

    @property
    def board(self) -> str:
        """Dataset and protocol."""
        return self.record.board

    @property
    def name(self) -> str:
        """Encoder and clusterer, e.g. ``pca + kmeans``."""
        return self.record.name

    @property
    def title(self) -> str:
        """Encoder, clusterer and seeds."""
        return self.record.title

    @property
    def seeds(self) -> tuple[int | None, int | None]:
        """Seed of the encoder and of the clusterer; None if deterministic."""
        return self.record.seeds

    @property
    def status(self) -> tuple[str, str]:
        """The status, and the reason if it failed."""
        end = self.record.ending(self.records)
        return end.status, end.note

    @property
    def clustered(self) -> bool:
        """Whether it has clusters, even if some metric has no score of them."""
        return self.cluster is not None and self.cluster.ok

    @property
    def steps(self) -> list[Record]:
        """The records of the encoder's computed steps."""
        return [self.records[key] for key in self.record.steps if key in self.records]

    @property
    def encode(self) -> Record | None:
        """The record of the last step of the encoder, if all have one."""
        return self.records.get(self.record.encode)

    @property
    def cluster(self) -> Record | None:
        """The record of the clusterer, if there is one."""
        return self.records.get(self.record.cluster)

    @property
    def scores(self) -> dict[str, float]:
        """The score of each metric that has one."""
        found = {name: self.records.get(each.key) for name, each in self.record.scores.items()}
        return {name: each.values["score"] for name, each in found.items() if each is not None and each.ok}

    @property
    def standard_errors(self) -> dict[str, float]:
        """The standard error of each score that is an estimate."""
        found = {name: self.records.get(each.key) for name, each in self.record.scores.items()}
        known = {name: each.values.get("standard_error") for name, each in found.items() if each is not None}
        return {name: error for name, error in known.items() if error is not None}

    @property
    def rows(self) -> slice:
        """The scored rows of the dataset."""
        return self.record.rows

    @cached_property
    def truth(self) -> Labels | None:
        """The class of each scored row, of shape (n,), or None without classes."""
        return None if self.data.truth is None else self.data.truth[self.rows]

    @cached_property
    def samples(self) -> Floats | None:
        """The scored rows, of shape (n, d), or None if no longer stored."""
        return None if self.data.samples is None else self.data.samples[self.rows]

    @cached_property
    def labels(self) -> Labels | None:
        """The cluster of each scored row, -1 for noise, or None if missing."""
        return self._array(self.cluster, self.record.part)

    @cached_property
    def embedding(self) -> Floats | None:
        """The embedding of each scored row, of shape (n, k), or None if there is none."""
        return self._array(self.encode, self.record.part)

    @property
    def embedding_digest(self) -> str:
        """The digest of the embedding of the scored rows; empty if there is none."""
        record, name = self.encode, self.record.part
        if record is None or name not in record.arrays:
            return ""
        digest = brief(record, self.store.get).arrays[name]
        return digest if digest != SAMPLES else f"{self.record.digest} {self.record.protocol}"

    @cached_property
    def reconstructed(self) -> Floats | None:
        """Reconstructions of the first fitted rows, of shape (m, d), or None."""
        return self._array(self.encode, "reconstructed")

    @property
    def originals(self) -> Floats | None:
        """The originals of `reconstructed`; None if they came from an earlier step of a chain."""
        if self.reconstructed is None or self.data.samples is None or len(self.record.steps) > 1:
            return None
        return self.data.samples[: len(self.reconstructed)]  # train rows come first

    def class_name(self, number: int) -> str:
        """Return the name of a class, or its number; -1 means no class."""
        if number < 0:
            return "unlabelled"
        names = self.data.class_names
        return names[number] if number < len(names) else str(number)

    def _array(self, record: Record | None, name: str) -> NDArray[Any] | None:
        if record is None or not record.ok or name not in record.arrays:
            return None
        digest = brief(record, self.store.get).arrays[name]
        if digest == SAMPLES:
            return self.samples
        return self.store.arrays.get(digest) if self.store.arrays.has(digest) else None


def stored_cells(store: Store, board: str) -> list[StoredCell]:
    """Return the cells of a board, row by row, in the order of their seeds.

    Raises
    ------
    HarnessError
        If the store has no such board.
    """
    newest, rows = shown_cells(store, board)
    data, every = _data(store, newest), records_of(store, rows)
    found: list[StoredCell] = []
    for cells in rows:
        row: list[StoredCell] = []
        for cell in cells:
            records = {key: every[key] for key in cell.keys if key in every}
            row.append(StoredCell(store, cell, records, data, row))
        found += row
    return found


def _data(store: Store, cell: CellRecord) -> Data:
    """Read the stored data of a cell's dataset."""
    places = store.shared(f"{cell.digest} {cell.data.truth}")
    found = {name: store.arrays.get(each) for name, each in places.items() if store.arrays.has(each)}
    if "samples" in found:
        found["samples"] = as_floats(found["samples"], cell.data.dtype, cell.data.scaling)
    return Data(
        found.get("samples"),
        found.get("truth"),
        tuple(map(str, found.get("class_names", ()))),
        cell.data.image_shape,
    )
