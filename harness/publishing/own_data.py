"""Publication of true classes: those of the user's own data only on request."""

from __future__ import annotations

from collections.abc import Iterable

from ..core.cell import CellRecord
from ..core.counts import shortened
from ..core.errors import BadParameter, HarnessError
from ..core.spec import parse
from ..registry.registry import Registry
from ..store.store import Store


def is_own_data(cell: CellRecord, registry: Registry) -> bool:
    """Return whether a cell has the user's own data; in older stores, judged by the name."""
    if cell.invocation is not None:
        return cell.invocation.own
    try:
        known = parse(cell.dataset).name in registry.names("dataset")
    except BadParameter:
        known = False
    return not known or bool(cell.data.label)  # datasets with a name here name no column


def refuse_own_classes(store: Store, boards: Iterable[str], registry: Registry, call: str) -> None:
    """Raise an error before publishing classes of own data without an explicit choice.

    Parameters
    ----------
    store : Store
    boards : iterable of str
    registry : Registry
    call : str
        The command line.

    Raises
    ------
    HarnessError
        If there is no choice; the error has both commands.
    """
    own = tuple(name for name in boards if _has_own_classes(store.cells(name), registry))
    if own:
        raise HarnessError(
            f"{shortened(own)}: the true classes are of your own data. Publish them, so that everyone can "
            f"check the scores: {call} --with-truth; or withhold them, so that scores that use the classes "
            f"can be checked only with the data: {call} --no-truth"
        )


def _has_own_classes(cells: Iterable[CellRecord], registry: Registry) -> bool:
    return any(cell.data.truth is not None and is_own_data(cell, registry) for cell in cells)
