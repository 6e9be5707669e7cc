"""What a picture is drawn from, or the reason why a cell has none."""

from __future__ import annotations

import numpy as np

from ...core.errors import NotApplicable
from ...core.interfaces import Floats, Labels
from ..cell_data import StoredCell


def labels_of(cell: StoredCell) -> Labels:
    """Return the clusters of the scored rows, of shape (n,), -1 for noise.

    Raises
    ------
    NotApplicable
        When there are none; it says why.
    """
    if cell.labels is None:
        raise NotApplicable(f"there are no clusters: {_why(cell)}")
    return np.asarray(cell.labels)


def truth_of(cell: StoredCell) -> Labels:
    """Return the classes of the scored rows, of shape (n,).

    Raises
    ------
    NotApplicable
        When there are none to compare with.
    """
    if cell.truth is not None:
        return np.asarray(cell.truth)
    if cell.record.data.truth:
        raise NotApplicable("the store has the classes of the samples no more")
    raise NotApplicable("there are no classes to compare with")


def embedding_of(cell: StoredCell) -> Floats:
    """Return the embedding of the scored rows, of shape (n, k).

    Raises
    ------
    NotApplicable
        When there is none, or it is not finite.
    """
    if cell.embedding is None:
        raise NotApplicable(f"there is no embedding: {_why(cell)}")
    if not np.isfinite(cell.embedding).all():
        raise NotApplicable("the embedding is not finite")
    return cell.embedding


def image_shape_of(cell: StoredCell) -> tuple[int, int, int]:
    """Return height, width and channels of the images.

    Raises
    ------
    NotApplicable
        When the samples are no images, or of channels that cannot be shown.
    """
    shape = cell.data.image_shape
    if shape is None:
        raise NotApplicable("the samples are no images")
    if shape[2] not in (1, 3, 4):
        raise NotApplicable(f"images of {shape[2]} channels cannot be shown, those of 1, 3 or 4 can")
    return shape


def samples_of(cell: StoredCell) -> Floats:
    """Return the scored rows, of shape (n, d).

    Raises
    ------
    NotApplicable
        When the store has them no more.
    """
    if cell.samples is None:
        raise NotApplicable("the store has the samples no more")
    return cell.samples


def _why(cell: StoredCell) -> str:
    status, reason = cell.status
    return reason if status != "ok" else "the store has them no more"
