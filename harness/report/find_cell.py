"""Finding the cell that a user means."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.errors import HarnessError, suggest
from ..store.store import Store
from .cell_data import StoredCell, stored_cells

FEWEST = 4  # digits of a cell's id that must be given at least


def find_cell(store: Store, name: str, board: str | None = None, seed: int | None = None) -> StoredCell:
    """Return the cell that a name stands for.

    Parameters
    ----------
    store : Store
    name : str
        The beginning of its `StoredCell.id`, of four digits at least, or encoder and clusterer as in
        ``pca + kmeans``.
    board : str, optional
        Is needed where cells of several boards have that name.
    seed : int, optional
        Of the encoder, or of the clusterer where none enters the encoder; by default the first that is there.

    Raises
    ------
    HarnessError
        When there is no such cell, or the name is that of several.
    """
    return _of_seed(find_runs(store, name, board), seed)


def find_runs(store: Store, name: str, board: str | None = None) -> list[StoredCell]:
    """Return the cells of the row that a name stands for, or the one whose id it is; as `find_cell`."""
    boards = [board] if board is not None else store.boards()
    if not boards:
        raise HarnessError(f"Store {str(store.folder)!r} is empty. Run 'harness bench' first.")
    every = [each for known in boards for each in stored_cells(store, known)]
    wanted = " ".join(name.split())
    prefix = len(wanted) >= FEWEST and set(wanted) <= set("0123456789abcdef")
    found = [each for each in every if each.name == wanted or (prefix and each.id.startswith(wanted))]
    if not found:
        close = suggest(wanted, {each.name for each in every})
        raise HarnessError(
            f"There is no cell {name!r}.{close} Name a cell by encoder and clusterer, as in "
            f"{every[0].name!r}, or by its id, as {every[0].id}."
        )
    names = sorted({each.board for each in found})
    if len(names) > 1:
        raise HarnessError(
            f"{name!r} is on several boards. Name one of them with --board: {', '.join(names)}."
        )
    rows = sorted({f"{each.name}, K {each.record.k}: {each.row[0].id}" for each in found})
    if len(rows) > 1:
        raise HarnessError(f"{name!r} stands for several rows. Name one by an id: {'; '.join(rows)}.")
    return found


def _of_seed(cells: Sequence[StoredCell], seed: int | None) -> StoredCell:
    if seed is None:
        return next((each for each in cells if each.status[0] == "ok"), cells[0])
    own = [next((each for each in cell.seeds if each is not None), None) for cell in cells]
    if seed not in own:
        known = ", ".join(str(each) for each in dict.fromkeys(own) if each is not None)
        raise HarnessError(
            f"{cells[0].name} has no run of seed {seed}. Seeds: {known or 'none, as it is deterministic'}."
        )
    return cells[own.index(seed)]
