"""Cells as a store keeps them, and when they are complete."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from . import fingerprint
from .interfaces import Dataset
from .plan import Cell, Plan
from .record import Record
from .store import Store

FACTS = ("dataset", "digest", "protocol", "encoder", "clusterer", "k", "seeds")  # make a cell another one
CellRow = tuple[str, str, dict[str, Any]]


class CellsByStage:
    """Tells which cells are complete once a stage has ended."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.blocked = [cell for cell in cells if cell.blocked]
        self._left: dict[int, set[str]] = {}
        self._users: defaultdict[str, list[tuple[int, Cell]]] = defaultdict(list)
        for number, cell in enumerate(cells):
            if not cell.blocked:
                self._left[number] = set(cell.keys)
                for key in self._left[number]:
                    self._users[key].append((number, cell))

    def finished_by(self, key: str) -> Iterator[Cell]:
        """Yield the cells for which this was the last stage."""
        for number, cell in self._users.pop(key, ()):
            self._left[number].discard(key)
            if not self._left[number]:
                yield cell


def cell_row(
    plan: Plan, cell: Cell, store: Store, records: Mapping[str, Record] = MappingProxyType({})
) -> CellRow:
    """Return what a store keeps of a cell: its identity, its board, and which stages make it.

    Of scores that were unavailable the reason is kept here, as no record of them is stored.
    """
    facts, body = _facts(plan, cell), _body(plan, cell)
    for score in body["scores"].values():
        record = records.get(score["key"])
        if record is not None and record.status == "unavailable":
            score["unavailable"] = record.error
    return fingerprint.digest(facts), plan.board, {**facts, **body, "noted": store.moment()}


def cell_body(plan: Plan, cell: Cell) -> dict[str, Any]:
    """Return what a store would give back of a cell; it was noted at no time.

    Boards are drawn from that and the records of its stages alone.
    """
    body = {**_facts(plan, cell), **_body(plan, cell), "noted": ""}
    found: dict[str, Any] = json.loads(json.dumps(body))  # tuples are lists there
    return found


def _facts(plan: Plan, cell: Cell) -> dict[str, Any]:
    """Return what makes a cell another one."""
    return {
        "dataset": plan.dataset.name,
        "digest": plan.dataset.digest,
        "protocol": plan.protocol,
        "encoder": cell.encoder,
        "clusterer": cell.clusterer,
        "k": cell.k,
        "seeds": [cell.encoder_seed, cell.clusterer_seed],
    }


def _body(plan: Plan, cell: Cell) -> dict[str, Any]:
    data = plan.dataset
    return {
        "specs": cell.specs,
        "variant": cell.variant,
        "steps": list(cell.steps),
        "cluster": cell.cluster,
        "scores": {name: dict(vars(score)) for name, score in cell.scores.items()},
        "blocked": cell.blocked,
        "settings": plan.settings,
        "prior": list(cell.prior),
        "data": data_facts(data),
    }


def data_facts(data: Dataset) -> dict[str, Any]:
    """Return what boards say of a dataset, as plain JSON."""
    return {
        "samples": data.n_samples,
        "features": data.n_features,
        "classes": data.n_classes,
        "image_shape": list(data.image_shape) if data.image_shape else None,
        "n_train": data.n_train,
        "truth": data.truth_digest,
        "scaling": data.scaling,
        "licence": data.licence,
    }
