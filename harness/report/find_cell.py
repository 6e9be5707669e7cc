"""Find a cell by name or id."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.errors import HarnessError, suggest
from ..store.store import Store
from .cell_data import StoredCell, stored_cells

NAMED = re.compile(r"(.*?)(?:,? +seed +(\d+))?", re.DOTALL)
FEWEST = 4  # minimum digits of a cell's id


def find_cell(store: Store, name: str, board: str | None = None, seed: int | None = None) -> StoredCell:
    """Return the cell with a name.

    Parameters
    ----------
    store : Store
    name : str
        The beginning of its `StoredCell.id`, at least four digits, or encoder and clusterer, e.g.
        ``pca + kmeans``.
    board : str, optional
        Needed if cells of several boards have that name.
    seed : int, optional
        Of the encoder, or of the clusterer if the encoder has none (default: the first available).

    Raises
    ------
    HarnessError
        If there is no such cell, or the name is ambiguous.
    """
    return _of_seed(find_runs(store, name, board), seed)


def find_named(store: Store, name: str, board: str | None = None, seed: int | None = None) -> StoredCell:
    """Return the cell that a name stands for, which may end in its seed: ``pca + kmeans, seed 1``.

    As `find_cell`; `seed` is that of names without one.
    """
    plain, own = NAMED.fullmatch(name.strip()).groups()  # type: ignore[union-attr]  # it fits any text
    return find_cell(store, plain, board, seed if own is None else int(own))


def find_runs(store: Store, name: str, board: str | None = None) -> list[StoredCell]:
    """Return the cells of the row with a name, or the one with an id; see `find_cell`."""
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
            f"No run {name!r}.{close} Name a run by encoder and clusterer, e.g. {every[0].name!r}, or by "
            f"its id, e.g. {every[0].id}."
        )
    names = sorted({each.board for each in found})
    if len(names) > 1:
        raise HarnessError(f"{name!r} is on several leaderboards. Name one with --board: {', '.join(names)}.")
    rows = sorted({f"{each.name}, K {each.record.k}: {each.row[0].id}" for each in found})
    if len(rows) > 1:
        raise HarnessError(f"{name!r} matches several rows. Name one by id: {'; '.join(rows)}.")
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
