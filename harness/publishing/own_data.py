"""Publishing the true classes: those of the user's own data only if that was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.cell import CellRecord
from ..core.errors import BadParameter, HarnessError
from ..core.spec import parse
from ..registry.registry import Registry
from ..store.store import Store


def is_own_data(cell: CellRecord, registry: Registry) -> bool:
    """Whether a cell is of the user's own data; stores of older versions tell it by the name alone."""
    if cell.invocation is not None:
        return cell.invocation.own
    try:
        known = parse(cell.dataset).name in registry.names("dataset")
    except BadParameter:
        known = False
    return not known or bool(cell.data.label)  # datasets that have a name here name no column


def refuse_own_classes(store: Store, boards: Iterable[str], registry: Registry, call: str) -> None:
    """Refuse to publish classes of own data of which nothing was said.

    Parameters
    ----------
    store : Store
    boards : iterable of str
    registry : Registry
    call : str
        The command that was called.

    Raises
    ------
    HarnessError
        With the two lines to type, of which each says it.
    """
    own = [name for name in boards if _has_own_classes(store.cells(name), registry)]
    if own:
        raise HarnessError(
            f"{', '.join(own)}: the true classes are of your own data. Publish them, so that all can check "
            f"the scores: {call} --with-truth; or keep them back, so that only who has the data can check "
            f"scores against the classes: {call} --no-truth"
        )


def _has_own_classes(cells: Iterable[CellRecord], registry: Registry) -> bool:
    return any(cell.data.truth is not None and is_own_data(cell, registry) for cell in cells)
