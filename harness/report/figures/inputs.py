"""Inputs of pictures, or the reason why a cell lacks them."""

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
        If there are no clusters, with the reason.
    """
    if cell.labels is None:
        raise NotApplicable(f"no clusters: {_why(cell)}")
    return np.asarray(cell.labels)


def truth_of(cell: StoredCell) -> Labels:
    """Return the classes of the scored rows, of shape (n,).

    Raises
    ------
    NotApplicable
        If there are no classes to compare with.
    """
    if cell.truth is not None:
        return np.asarray(cell.truth)
    if cell.record.data.truth:
        raise NotApplicable("the classes of the samples are no longer in the store")
    raise NotApplicable("no classes to compare with")


def embedding_of(cell: StoredCell) -> Floats:
    """Return the embedding of the scored rows, of shape (n, k).

    Raises
    ------
    NotApplicable
        If there is no embedding, or it is not finite.
    """
    if cell.embedding is None:
        raise NotApplicable(f"no embedding: {_why(cell)}")
    if not np.isfinite(cell.embedding).all():
        raise NotApplicable("the embedding is not finite")
    return cell.embedding


def image_shape_of(cell: StoredCell) -> tuple[int, int, int]:
    """Return height, width and channels of the images.

    Raises
    ------
    NotApplicable
        If the samples are not images, or their channels cannot be shown.
    """
    shape = cell.data.image_shape
    if shape is None:
        raise NotApplicable("the samples are not images")
    if shape[2] not in (1, 3, 4):
        raise NotApplicable(f"cannot show images of {shape[2]} channels, only of 1, 3 or 4")
    return shape


def samples_of(cell: StoredCell) -> Floats:
    """Return the scored rows, of shape (n, d).

    Raises
    ------
    NotApplicable
        If they are no longer in the store.
    """
    if cell.samples is None:
        raise NotApplicable("the samples are no longer in the store")
    return cell.samples


def _why(cell: StoredCell) -> str:
    status, reason = cell.status
    return reason if status != "ok" else "they are no longer in the store"
