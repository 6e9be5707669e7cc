"""Decide which stages need not be recomputed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from ..core.limits import Limits
from ..core.plan import Stage
from ..core.record import Record
from ..store.store import Store


def fits_of(stage: Stage, get: Callable[[str], Record | None]) -> list[Record | None]:
    """Return the records of a stage's candidate fits, in order."""
    return [get(key) for _, key in stage.fits]


def seen(records: Sequence[Record | None]) -> list[str | None]:
    """Return what K selection depends on besides its key: the digest of each fit's labels, or None."""
    return [record.arrays.get("fitted") if record is not None else None for record in records]


def _differ(earlier: Record, record: Record) -> bool:
    """Return whether later stages must be recomputed; additional arrays are no reason."""
    return earlier.ok != record.ok or not earlier.arrays.items() <= record.arrays.items()


def kept(
    stage: Stage, record: Record | None, store: Store, retry: Collection[str], limits: Limits
) -> Record | None:
    """Return the stored record of a stage if it need not be recomputed, else None."""
    if record is None or record.status in retry or limits.allow_more(record):
        return None
    if not all(store.arrays.has(digest) for digest in record.arrays.values()):
        return None
    if stage.fits and record.values.get("seen") != seen(fits_of(stage, store.get)):
        return None  # a failed fit has been fixed since
    return None if stage.soft and not record.values.get("soft") else record
