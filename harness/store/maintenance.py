"""Maintenance of a store: contents, unneeded records, damaged arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from ..core.record import Record
from .claims import Claims
from .store import Store


@dataclass(frozen=True)
class Holdings:
    """Contents of a store.

    Parameters
    ----------
    records : Counter
        Number of records of each kind and status.
    boards : list of str
    arrays, array_bytes : int
        Files of arrays, and their bytes.
    database_bytes : int
    unneeded : list of str
        Keys of records that no board needs: from older code, or unfinished calls.
    """

    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    boards: list[str] = field(default_factory=list)
    arrays: int = 0
    array_bytes: int = 0
    database_bytes: int = 0
    unneeded: list[str] = field(default_factory=list)


def holdings(store: Store) -> Holdings:
    """Return the contents of a store."""
    sizes = store.arrays.sizes()
    records = {record.key: record for record in store.records()}
    return Holdings(
        Counter((record.kind, record.status) for record in records.values()),
        store.boards(),
        len(sizes),
        sum(sizes.values()),
        sum(path.stat().st_size for path in store.folder.glob("records.sqlite*")),
        sorted(records.keys() - needed(store, records)),
    )


def needed(store: Store, records: dict[str, Record]) -> set[str]:
    """Return the keys of the records that boards use, and of all stages before them."""
    return closure(
        (key for board in store.boards() for cell in store.cells(board) for key in cell.keys), records
    )


def closure(keys: Iterable[str], records: Mapping[str, Record]) -> set[str]:
    """Return the keys of the records of some stages, and of all stages before them."""
    found: set[str] = set()
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found and key in records:
            found.add(key)
            waiting += records[key].facts["after"]
    return found


def prune(
    store: Store,
    *,
    unneeded: bool = False,
    older: timedelta | None = None,
    size: int | None = None,
) -> tuple[int, int]:
    """Drop records, and arrays that no other record uses.

    Parameters
    ----------
    store : Store
    unneeded : bool
        Drop records that no board needs.
    older : timedelta, optional
        Drop older records, even if a board needs them.
    size : int, optional
        Drop the oldest until the arrays have at most this many bytes.

    Returns
    -------
    records, n_bytes : int
        How many records were dropped, and how many bytes were freed. The samples of datasets are dropped
        in any case: they are written again when they are needed.

    Raises
    ------
    StoreError
        If a run is using the store: its results may have no record yet.
    """
    with Claims(store, pruning=True):
        records = {record.key: record for record in store.records()}
        doomed = records.keys() - needed(store, records) if unneeded else set()
        if older is not None:
            limit = (datetime.now(UTC) - older).isoformat(timespec="seconds")
            doomed |= {key for key, record in records.items() if record.created < limit}
        if size is not None:
            doomed |= _too_much(store, [each for key, each in records.items() if key not in doomed], size)
        store.drop(doomed)
        return len(doomed), sweep(store)


def _too_much(store: Store, records: Collection[Record], size: int) -> set[str]:
    """Return the oldest records to drop so that the remaining arrays have at most `size` bytes."""
    sizes = store.arrays.sizes()
    kept: set[str] = set()
    total = 0
    found: set[str] = set()
    for record in sorted(records, key=lambda record: record.created, reverse=True):
        new = set(record.arrays.values()) - kept
        total += sum(sizes.get(digest, 0) for digest in new)
        if total > size:
            found.add(record.key)
        else:
            kept |= new
    return found


def sweep(store: Store) -> int:
    """Remove arrays that no record uses, including those of datasets, and return their bytes."""
    named = {digest for record in store.records() for digest in record.arrays.values()}
    store.forget_shared()
    sizes = store.arrays.sizes()
    unnamed = sizes.keys() - named
    for digest in unnamed:
        store.arrays.remove(digest)
    store.arrays.tidy()
    return sum(sizes[digest] for digest in unnamed)


def damaged(store: Store) -> list[str]:
    """Read every array, drop those with changed content, and return their digests."""
    found = [digest for digest in store.arrays.sizes() if not store.arrays.sound(digest)]
    for digest in found:
        store.arrays.remove(digest)
    return found
