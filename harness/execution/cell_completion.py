"""Find the cells completed by a stage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ..core.cell import CellRecord
from ..core.record import Record


class CellsByStage:
    """Find the cells completed by a stage."""

    def __init__(self, cells: Sequence[CellRecord]) -> None:
        self.blocked = [cell for cell in cells if cell.blocked]
        self._left: dict[int, set[str]] = {}
        self._users: defaultdict[str, list[tuple[int, CellRecord]]] = defaultdict(list)
        for number, cell in enumerate(cells):
            if not cell.blocked:
                self._left[number] = set(cell.keys)
                for key in self._left[number]:
                    self._users[key].append((number, cell))

    def finished_by(self, key: str) -> Iterator[CellRecord]:
        """Yield the cells for which this was the last stage."""
        for number, cell in self._users.pop(key, ()):
            self._left[number].discard(key)
            if not self._left[number]:
                yield cell


def with_reasons(cell: CellRecord, records: Mapping[str, Record]) -> CellRecord:
    """Record in a cell why its scores were unavailable, since no record of them is stored."""
    scores = dict(cell.scores)
    for name, score in scores.items():
        record = records.get(score.key)
        if record is not None and record.status == "unavailable":
            scores[name] = replace(score, unavailable=record.error)
    return replace(cell, scores=scores)
