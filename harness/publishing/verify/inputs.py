"""Inputs to recompute published scores: true classes and embeddings, from here or the folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ...core.cell import CellRecord, DataFacts
from ...core.interfaces import Dataset, Floats, Labels
from ...core.record import Record
from ...registry.loading import load_plugin
from ...registry.registry import Registry
from ...store.store import Store
from ..bundle import Bundle
from ..findings import Findings
from ..npz import Unreadable, read_npy, shown

Remake = Callable[[CellRecord], tuple[Floats, str] | None]  # with its digest


def data_of(
    bundle: Bundle, registry: Registry, findings: Findings, own: Mapping[str, Dataset]
) -> Dataset | None:
    """Return the dataset of a board if it is on this machine and identical; nothing is downloaded.

    A folder from elsewhere is no reason to read a file that it names: only datasets that are known here, and
    those that the user gives, are opened.
    """
    cell = next(iter(bundle.cells.values()))
    where, name = bundle.name, cell.dataset
    if len({(each.digest, each.data) for each in bundle.cells.values()}) > 1:
        findings.wrong(where, "its cells are of several datasets")
        return None
    data = own[name] if name in own else _known(name, where, registry, findings)
    if data is None:
        return None
    here = {**vars(DataFacts.of(data)), "digest": data.digest}
    said = {**vars(cell.data), "digest": cell.digest}
    for what, value in here.items():
        if said[what] != value:
            findings.wrong(
                where, f"{what} of {name} is reported as {shown(str(said[what]))}, but is {value!r}"
            )
    if said != here:
        told = (
            "read as the leaderboard reports"
            if name in own
            else "those of the leaderboard, if these have the same name"
        )
        findings.unverified(where, f"give the data {told}, with -d {name}=PATH and the options of its reader")
        return None
    findings.ok("digests of datasets, compared with the data")
    return data


def _known(name: str, where: str, registry: Registry, findings: Findings) -> Dataset | None:
    """Return a dataset that has a name here, if it has one and its data are on this machine."""
    if name not in registry.names("dataset"):
        findings.unverified(
            where,
            f"no dataset is named {shown(name)} here, so its digest was not compared. Give the data with -d "
            f"{shown(name)}=PATH",
        )
        return None
    load = load_plugin(registry.find("dataset", name))
    info = getattr(load, "info", None)
    if info is not None and info.find is not None and info.find() is None:
        findings.unverified(
            where,
            f"{name} is not on this machine ('harness datasets fetch {name}'), so its digest was not "
            "compared",
        )
        return None
    data: Dataset = load()
    return data


def truth_of(bundle: Bundle, data: Dataset | None, findings: Findings) -> Labels | None:
    """Return the true classes of all rows: from the dataset, else as published."""
    if bundle.truth is None:
        return None if data is None else data.truth
    facts = next(iter(bundle.cells.values())).data
    where = f"labels/{bundle.name}.npz"
    try:
        truth = read_npy(bundle.truth, facts.samples)
        here = Dataset("truth", np.zeros((len(truth), 1), dtype=np.float32), truth=truth).truth_digest
        if here == facts.truth:
            findings.ok("true classes by their digest")
            return truth
        findings.wrong(where, f"truth.npy: its digest is {here}, but all rows have {facts.truth}")
    except Unreadable as error:
        findings.wrong(where, f"truth.npy {error}")
    return None if data is None else data.truth


class Embeddings:
    """Embeddings of the scored rows, by the key of the stage that made them.

    Parameters
    ----------
    bundle : Bundle
    data : Dataset, optional
    store : Store, optional
        Where they may be stored.
    remake : callable
        Computes the embedding of a cell again, with its digest, or returns None where that takes too long.
    identity : str
        The encoder that gives back its input: of no other it is believed.
    """

    def __init__(
        self,
        bundle: Bundle,
        data: Dataset | None,
        store: Store | None,
        remake: Remake,
        identity: str,
    ) -> None:
        self.bundle, self.data, self.store, self.remake = bundle, data, store, remake
        self.identity = identity
        self._unlike: set[str] = set()  # those that came out otherwise here, e.g. on another processor
        self._found: tuple[str, Floats | None] = ("", None)  # only of the last cell: they may be large

    def of(self, cell: CellRecord) -> Floats | None:
        """Return the embedding of a cell, or None if unavailable."""
        key = cell.steps[-1]
        if self._found[0] != key:
            self._found = (key, self._find(cell))
        return self._found[1]

    def _find(self, cell: CellRecord) -> Floats | None:
        records = [self.bundle.records.get(key) for key in cell.steps]
        signs = [_sign(record, self.bundle.part) for record in records]
        while signs and signs[-1] == "=input":  # an encoder that returned its input
            signs.pop()
        if self.data is not None and not signs and set(self._code(cell)) <= {self.identity}:
            return self.data.samples[cell.rows]
        own = _sign(self.store.get(cell.steps[-1]), self.bundle.part) if self.store is not None else ""
        if self.store is not None and signs and own == signs[-1] and self.store.arrays.has(own):
            found: Floats = self.store.arrays.get(own)
            return found
        made = self.remake(cell) if self.data is not None else None
        if made is not None and made[1] != _sign(records[-1], self.bundle.part):
            self._unlike.add(cell.steps[-1])
        return None if made is None else made[0]

    def alike(self, cell: CellRecord) -> bool:
        """Return whether the embedding of a cell that was found is the published one, bit for bit."""
        return cell.steps[-1] not in self._unlike

    def _code(self, cell: CellRecord) -> list[str]:
        """Return the identity of the code of a cell's encoders."""
        records = (self.bundle.records.get(key) for key in cell.steps)
        return [record.facts["code"]["plugin"] for record in records if record is not None]


def _sign(record: Record | None, part: str) -> str:
    return record.arrays.get(part, "") if record is not None else ""
