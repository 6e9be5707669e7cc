"""Labels of any kind to integers from 0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Labels


def encode(
    labels: NDArray[Any], n_samples: int, *, class_names: Sequence[str] = (), where: str
) -> tuple[Labels, tuple[str, ...]]:
    """Return labels as integers 0 to k-1, and the names of the k classes that occur.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        Integers, whole floats, booleans or strings.
    class_names : sequence of str
        Names that the labels point to; without them a class is named as its label.

    Raises
    ------
    DataError
        When labels are not one plain, known class per sample.

    Examples
    --------
    >>> truth, names = encode(np.array(["dog", "cat", "dog"]), 3, where="toy")
    >>> truth.tolist(), names
    ([1, 0, 1], ('cat', 'dog'))
    """
    if labels.ndim != 1:
        raise DataError(
            f"{where}: labels must be a 1-D array, one class per sample, got shape {labels.shape}. "
            "Flatten a single column with ravel(), one-hot labels with argmax(axis=1)."
        )
    if len(labels) != n_samples:
        raise DataError(
            f"{where}: there must be one label per sample, got {len(labels)} for {n_samples} samples."
        )
    values, truth = np.unique(_plain(labels, where), return_inverse=True)
    if not len(class_names):
        return truth.astype(np.int64), tuple(str(value) for value in values)
    if values.dtype.kind not in "iu" or values[0] < 0 or values[-1] >= len(class_names):
        raise DataError(
            f"{where}: labels must be 0 to {len(class_names) - 1}, as {len(class_names)} classes are named, "
            f"got {values[0]} to {values[-1]}. Use label=None where the truth is withheld."
        )
    return truth.astype(np.int64), tuple(class_names[value] for value in values)


def _plain(labels: NDArray[Any], where: str) -> NDArray[Any]:
    if labels.dtype.kind == "O":
        missing = [row for row, value in enumerate(labels) if value is None or value != value]
        if missing:
            raise DataError(
                f"{where}: every sample needs a label, got none in row {missing[0]} (counted from 0)."
            )
        if not all(isinstance(value, str) for value in labels):
            raise DataError(f"{where}: labels must be all numbers or all strings, got a mixture of types.")
        return labels.astype(str)
    if labels.dtype.kind == "S":
        return np.char.decode(labels, "utf-8")
    if labels.dtype.kind == "f":
        bad = np.flatnonzero(~np.isfinite(labels) | (labels != np.trunc(labels)))
        if len(bad):
            raise DataError(
                f"{where}: labels must be classes (whole numbers or strings), got {labels[bad[0]]} in row "
                f"{bad[0]} (counted from 0). Choose another label column, or label=None for none."
            )
        return labels.astype(np.int64)
    if labels.dtype.kind not in "biuU":
        raise DataError(f"{where}: labels must be whole numbers or strings, got dtype {labels.dtype}.")
    return labels
