"""Figures of a run of a result, as `harness plot` draws them."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..core.cell import CellRecord
from ..core.errors import BadParameter, NotApplicable, UnknownName, suggest
from ..core.plan import Plan
from ..core.record import Record
from ..report.cell_data import Data, StoredCell
from ..report.figures import KINDS, draw
from ..store.store import Store

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHORT = {"map": "map-pca"}
DPI = 144


def check_kind(kind: str) -> str:
    """Return the kind of a figure by its full name.

    Raises
    ------
    UnknownName
        If there is no such kind; the error lists all.

    Examples
    --------
    >>> check_kind("map")
    'map-pca'
    """
    if not isinstance(kind, str) or kind not in {*KINDS, *SHORT}:
        known = [*SHORT, *KINDS]
        near = suggest(kind, known) if isinstance(kind, str) else ""
        raise UnknownName(f"Unknown figure {kind!r}.{near} Kinds: {', '.join(known)}.")
    return SHORT.get(kind, kind)


def draw_cell(
    kind: str,
    plan: Plan,
    cell: CellRecord,
    cells: Sequence[CellRecord],
    records: Mapping[str, Record],
    store: Store,
) -> Figure:
    """Draw a run, with its title and caption on the figure.

    Parameters
    ----------
    kind : str
        As `check_kind` returns it.
    plan : Plan
    cell : CellRecord
    cells : sequence of CellRecord
        All runs of its row, in the order of their seeds.
    records : mapping
        The records of the stages by key.
    store : Store

    Raises
    ------
    BadParameter
        If this run has no such figure; the error gives the reason.
    """
    from ..report.figures.projections import Maps

    dataset = plan.dataset
    data = Data(dataset.samples, dataset.truth, dataset.class_names, dataset.image_shape)
    row: list[StoredCell] = []
    for each in cells:
        own = {key: records[key] for key in each.keys if key in records}
        row.append(StoredCell(store, each, own, data, row))
    stored = next(each for each in row if each.record is cell)
    try:
        picture = draw(kind, stored, Maps(store.folder / "maps"), titled=True)
    except NotApplicable as reason:
        raise BadParameter(f"{cell.title} has no figure {kind!r}: {reason}.") from None
    figure: Any = picture.figure
    figure._repr_png_ = lambda: _png(figure)  # pyplot's own way is there only once pyplot is imported
    return picture.figure


def _png(figure: Figure) -> tuple[bytes, dict[str, int]]:
    """Return a figure as a notebook shows it: sharp also on a screen of many pixels."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=DPI, metadata={"Software": None})
    width, height = figure.get_size_inches() * 96
    return file.getvalue(), {"width": int(width), "height": int(height)}
