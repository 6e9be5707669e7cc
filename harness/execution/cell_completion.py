"""Cells as a store keeps them, and when they are complete."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ..core import hashing
from ..core.cell import CellRow, _body, _facts
from ..core.plan import Cell, Plan
from ..core.record import Record
from ..store.store import Store


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
    return hashing.digest(facts), plan.board, {**facts, **body, "noted": store.moment()}
