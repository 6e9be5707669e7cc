"""Seeds of runs from their records: set by the harness, given by the user, or none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..core.cell import CellRecord
from ..core.record import Record
from ..core.seeds import unseeded, written_seeds
from .flags import UNSEEDED, WRITTEN


def seeding_of(cells: list[CellRecord], records: Mapping[str, Record]) -> list[str]:
    """Report seeds that the harness did not set: given by the user, or not settable."""
    fits = [(record.facts, seed) for cell in cells for record, seed in _seeds_of(cell, records)]
    written = any(written_seeds(facts, seed) for facts, seed in fits)
    return [WRITTEN] * written + [UNSEEDED] * any(unseeded(facts) for facts, _ in fits)


def _seeds_of(cell: CellRecord, records: Mapping[str, Record]) -> Iterator[tuple[Record, int | None]]:
    """Yield the records of a cell's fits, each with the seed that the run has for it."""
    seeds = [*[cell.encoder_seed] * len(cell.steps), cell.clusterer_seed]
    for key, seed in zip(cell.fits, seeds, strict=True):
        if key in records:
            yield records[key], seed


def run_seeds(cell: CellRecord, records: Mapping[str, Record]) -> tuple[int | None, int | None]:
    """Return a run's seeds; if none was set but one was given by the user, that one."""
    if cell.seeds != (None, None):
        return cell.seeds
    found: dict[str, int | None] = {"encode": None, "cluster": None}
    for record, _ in _seeds_of(cell, records):
        for seed in written_seeds(record.facts, None):
            found[record.kind] = seed if isinstance(seed, int) and seed >= 0 else 0
    return found["encode"], found["cluster"]
