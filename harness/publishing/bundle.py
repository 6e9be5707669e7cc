"""The published content of a board: cells, records of their stages, and scored labels."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..core.cell import CellRecord, Origin
from ..core.interfaces import Labels
from ..core.protocols import scored_part
from ..core.record import Record
from ..core.suite import Suite
from ..leaderboard.text import printable
from ..store.store import Store

Cells = dict[str, CellRecord]


@dataclass(frozen=True)
class Bundle:
    """A published board.

    Parameters
    ----------
    name : str
        Dataset and protocol, e.g. ``digits.full``.
    cells : dict
        By identity, each with its ``origins``.
    records : dict
        Records of stages by key.
    labels : dict
        The ``.npy`` files of scored labels, by SHA-256.
    truth : bytes, optional
        The ``.npy`` file of the true classes of all rows.
    """

    name: str
    cells: Cells = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    labels: dict[str, bytes] = field(default_factory=dict)
    truth: bytes | None = None

    @property
    def part(self) -> str:
        """The name of the scored labels in records."""
        return scored_part(self.name.rpartition(".")[2])

    @property
    def wanted(self) -> set[str]:
        """The SHA-256 of all labels in the records."""
        fits = [record.arrays for record in self.records.values() if record.kind == "cluster"]
        return {arrays[self.part] for arrays in fits if self.part in arrays}


@dataclass(frozen=True)
class Published:
    """Bundles as a source of boards, like a store; and the suites whose leaderboards are among them."""

    folder: Path
    bundles: Mapping[str, Bundle]
    suites: Mapping[str, Suite] = field(default_factory=dict)

    def boards(self) -> list[str]:
        """Return the names of all boards, sorted."""
        return sorted(self.bundles)

    def cells(self, board: str) -> list[CellRecord]:
        """Return the cells of a board, in the order of their identities."""
        bundle = self.bundles.get(board)
        return [cell for _, cell in sorted(bundle.cells.items())] if bundle else []

    def get(self, key: str) -> Record | None:
        """Return the record of a stage, or None."""
        return next((each.records[key] for each in self.bundles.values() if key in each.records), None)

    def get_many(self, keys: Collection[str]) -> dict[str, Record]:
        """Return the records of the stages that are published, by key."""
        found: dict[str, Record] = {}
        for bundle in self.bundles.values():
            found |= {key: bundle.records[key] for key in bundle.records.keys() & set(keys) - found.keys()}
        return found


def gather(store: Store, name: str, by: str) -> Bundle:
    """Collect the published content of a board from a store; nothing is computed.

    Parameters
    ----------
    store : Store
    name : str
    by : str
        The contributor.

    Raises
    ------
    StoreError
        If labels are missing or damaged.
    """
    cells = store.cells(name)
    bundle = Bundle(name, truth=_truth(store, cells))
    for cell in cells:
        found = {key: record for key in cell.keys if key and (record := store.get(key)) is not None}
        bundle.records.update({key: _shown(record) for key, record in found.items()})
        fitted = found.get(cell.cluster)
        if fitted is not None:
            origin = Origin(by, fitted.hardware, fitted.created)
        else:
            origin = Origin(by, "", cell.noted)
        scores = {name: score for name, score in cell.scores.items() if not score.unavailable}
        sent = replace(cell, scores=scores, origins=(origin,), traceback="", invocation=None)
        if cell.blocked:
            sent = replace(sent, steps=(), cluster="", scores={})
        bundle.cells[cell.identity] = sent
        digest = fitted.arrays.get(bundle.part) if fitted is not None else None
        if digest is not None and digest not in bundle.labels:
            bundle.labels[digest] = npy(store.arrays.get(digest))
    return bundle


def keeps_truth_back(bundle: Bundle) -> bool:
    """Return whether a board's true classes are withheld."""
    return bundle.truth is None and any(cell.data.truth is not None for cell in bundle.cells.values())


def _truth(store: Store, cells: list[CellRecord]) -> bytes | None:
    """Return the true classes, if stored: with them, scores can be checked without the samples."""
    newest = max(cells, key=lambda cell: str(cell.noted), default=None)
    if newest is None or newest.data.truth is None:
        return None
    found = store.shared(f"{newest.digest} {newest.data.truth}").get("truth")
    return npy(store.arrays.get(found)) if found is not None and store.arrays.has(found) else None


def _shown(record: Record) -> Record:
    """Leave out details of the contributor's machine, and unneeded fields."""
    memory = 0 if record.kind == "score" else record.memory
    seconds = round(record.seconds, 6)
    warnings = [printable(each) for each in record.warnings]
    cpu = 0.0 if record.kind == "score" else round(record.cpu_seconds, 3)
    told = replace(record, error=printable(record.error), warnings=warnings, memory=memory, seconds=seconds)
    unpublished: dict[str, Any] = {
        "place": "",
        "output": "",
        "traceback": "",
        "limits": {},
        "beside": (),
        "operations": 0.0,
    }
    return replace(told, cpu_seconds=cpu, **unpublished)


def npy(array: Labels) -> bytes:
    """Return an array as a ``.npy`` file, with the same bytes as in a store."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
    return buffer.getvalue()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def drawn(bundle: Bundle, keep: Callable[[str], bool]) -> Bundle:
    """Return a bundle of some cells, with only what belongs to them."""
    cells = {name: cell for name, cell in bundle.cells.items() if keep(name)}
    keys = {key for cell in cells.values() for key in cell.keys}
    records = {key: record for key, record in bundle.records.items() if key in keys}
    part = Bundle(bundle.name, cells, records, truth=bundle.truth)
    wanted = part.wanted
    part.labels.update({digest: each for digest, each in bundle.labels.items() if digest in wanted})
    return part
