"""Removal of runs from a store, with everything that no other run uses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from ..core.cell import CellRecord
from ..core.record import Record
from .claims import Claims
from .maintenance import closure
from .store import Store

FINE = ("ok", "not-applicable")  # statuses that do not count as failures


@dataclass(frozen=True)
class Removal:
    """Items removed, or to be removed, from a store.

    Parameters
    ----------
    cells : tuple of CellRecord
    whole : bool
        Whether nothing remains of the board.
    records : tuple of str
        Keys of records that only these cells need.
    arrays : tuple of str
        Digests of arrays that nothing else uses.
    datasets : tuple of str
        Datasets, by digests of samples and classes, without other cells.
    n_bytes : int
        Bytes of these arrays.
    """

    cells: tuple[CellRecord, ...]
    whole: bool
    records: tuple[str, ...]
    arrays: tuple[str, ...]
    datasets: tuple[str, ...]
    n_bytes: int


def plan_removal(store: Store, board: str, chosen: Callable[[CellRecord], bool]) -> Removal:
    """Return what removing some cells of a board would remove, without changing anything.

    Parameters
    ----------
    store : Store
    board : str
    chosen : callable
        Whether to remove a cell of the board.
    """
    cells = tuple(cell for cell in store.cells(board) if chosen(cell))
    slots = {cell.slot for cell in cells}
    others = [cell for name in store.boards() for cell in store.cells(name) if cell.slot not in slots]
    records = {record.key: record for record in store.records()}
    doomed = closure(_keys(cells), records) - closure(_keys(others), records)
    datasets = sorted({_dataset(cell) for cell in cells} - {_dataset(cell) for cell in others})
    arrays = _unnamed(store, records, doomed, datasets)
    sizes = store.arrays.sizes() if arrays else {}
    return Removal(
        cells,
        len(cells) == len(store.cells(board)),
        tuple(sorted(doomed)),
        tuple(sorted(arrays & sizes.keys())),
        tuple(datasets),
        sum(sizes.get(digest, 0) for digest in arrays),
    )


def remove(store: Store, board: str, chosen: Callable[[CellRecord], bool]) -> Removal:
    """Remove some cells of a board, with the records and arrays that nothing else uses.

    Parameters are those of `plan_removal`.

    Raises
    ------
    StoreError
        If a run is using the store: it may depend on what is removed.
    """
    with Claims(store, pruning=True):
        removal = plan_removal(store, board, chosen)
        store.drop_cells([cell.slot for cell in removal.cells])
        store.drop(removal.records)
        store.forget_shared(removal.datasets)
        for digest in removal.arrays:
            store.arrays.remove(digest)
    return removal


def has_failed(store: Store, cell: CellRecord) -> bool:
    """Return whether a cell did not finish; not-applicable counts as finished."""
    records = {key: record for key in cell.keys if (record := store.get(key)) is not None}
    return cell.status(records)[0] not in FINE


def _keys(cells: Iterable[CellRecord]) -> list[str]:
    return [key for cell in cells for key in cell.keys]


def _dataset(cell: CellRecord) -> str:
    return f"{cell.digest} {cell.data.truth}"


def _unnamed(
    store: Store, records: dict[str, Record], doomed: Collection[str], datasets: Collection[str]
) -> set[str]:
    """Return the arrays of the records and datasets to remove that nothing else uses."""
    named = [set(record.arrays.values()) for key, record in records.items() if key not in doomed]
    gone = [set(records[key].arrays.values()) for key in doomed]
    shared = {name: set(store.shared(name).values()) for name in store.datasets()}
    kept = set[str]().union(*named, *(found for name, found in shared.items() if name not in datasets))
    return set[str]().union(*gone, *(shared.get(name, set()) for name in datasets)) - kept
