"""Encoding of labels of any kind as integers from 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError, brief_repr
from ..core.interfaces import Labels
from ..core.library_calls import library_call
from .advice import either, without_labels


def encode(
    labels: NDArray[Any],
    n_samples: int,
    *,
    class_names: Sequence[str] = (),
    unlabelled: str | int | None = "auto",
    where: str,
) -> tuple[Labels, tuple[str, ...]]:
    """Return labels as integers 0 to k-1, -1 where a sample has none, and the names of the k classes.

    Parameters
    ----------
    labels : ndarray of shape (n,)
        Integers, whole floats, booleans or strings.
    class_names : sequence of str
        Names that the labels point to; without them a class is named as its label.
    unlabelled : "auto", str, int or None
        The label of samples without a class; "" stands for an empty cell. "auto": -1, where two other labels
        or more occur: of two labels -1 and 1, both are classes. None: every label is a class.

    Raises
    ------
    DataError
        If labels are not one plain, known class per sample.

    Examples
    --------
    >>> truth, names = encode(np.array(["dog", "cat", "dog"]), 3, where="toy")
    >>> truth.tolist(), names
    ([1, 0, 1], ('cat', 'dog'))
    >>> [encode(np.array(each), 3, where="toy")[0].tolist() for each in ([2, -1, 1], [1, -1, 1])]
    [[1, -1, 0], [1, 0, 1]]
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise DataError(
            f"{where}: labels must be a 1-D array, one class per sample, got shape {labels.shape}. "
            "Convert one-hot labels to classes with argmax(axis=1)."
        )
    if len(labels) != n_samples:
        raise DataError(
            f"{where}: there must be one label per sample, got {len(labels)} for {n_samples} samples."
        )
    if labels.dtype.kind == "O":
        return _encode_words(labels, class_names, unlabelled, where)
    known = ~_gaps(labels, where, allowed=unlabelled == "")
    numbers, names = _numbered(_plain(labels[known], where), class_names, unlabelled, where)
    truth = np.full(n_samples, -1, dtype=np.int64)
    truth[known] = numbers
    return truth, names


def _encode_words(
    labels: NDArray[Any], class_names: Sequence[str], unlabelled: str | int | None, where: str
) -> tuple[Labels, tuple[str, ...]]:
    """Encode each distinct object once, since there are few and Python objects are slow."""
    import pandas as pd

    try:
        codes, distinct = pd.factorize(labels)  # -1 of those that are missing
    except TypeError:  # unhashable labels, such as lists
        raise DataError(
            f"{where}: labels must be whole numbers or strings, got {brief_repr(labels[0])}."
        ) from None
    if (codes < 0).any():
        _gaps(labels, where, allowed=unlabelled == "")
    plain = _plain(np.asarray(distinct, dtype=object), where)
    numbers, names = _numbered(plain, class_names, unlabelled, where)
    return np.append(numbers, -1)[codes], names  # the last one for code -1


def _numbered(
    plain: NDArray[Any], class_names: Sequence[str], unlabelled: str | int | None, where: str
) -> tuple[Labels, tuple[str, ...]]:
    """Return the class number of each label, -1 for the label of samples without a class, and the names."""
    has_class = _has_class(plain, unlabelled)
    values, positions = np.unique(plain[has_class], return_inverse=True)
    numbers = np.full(len(plain), -1, dtype=np.int64)
    numbers[has_class] = positions
    return numbers, _names(values, class_names, where)


def _gaps(labels: NDArray[Any], where: str, *, allowed: bool) -> NDArray[np.bool_]:
    """Return which samples have an empty label."""
    if labels.dtype.kind not in "Of":
        return np.zeros(len(labels), dtype=bool)
    gaps = np.array([value is None or value != value for value in labels.tolist()], dtype=bool)
    if gaps.any() and not allowed:
        way = either(where, "unlabelled=''", "-1 as the label")
        raise DataError(
            f"{where}: every sample needs a label, got none in row {gaps.argmax()} (counted from 0), "
            f"{gaps.sum():,} in all. Drop such rows, or give {way} if they have no class."
        )
    return gaps


def _has_class(labels: NDArray[Any], unlabelled: str | int | None) -> NDArray[np.bool_]:
    """Return which samples have a class: any label but the one that marks no class."""
    if unlabelled is None or not len(labels):
        return np.ones(len(labels), dtype=bool)
    text = "-1" if unlabelled == "auto" else str(unlabelled)
    numbers = labels.dtype.kind in "iu" and text.removeprefix("-").isdigit()
    has_class: NDArray[np.bool_] = np.asarray(labels != int(text) if numbers else labels.astype(str) != text)
    return (
        has_class
        if unlabelled != "auto" or len(np.unique(labels[has_class])) > 1
        else ~np.zeros_like(has_class)
    )


def _names(values: NDArray[Any], class_names: Sequence[str], where: str) -> tuple[str, ...]:
    if not len(values):
        raise DataError(f"{where}: no sample has a label. Choose another label, or {without_labels(where)}.")
    with _not_text(where):  # arrays of text may hold invalid Unicode, and Unicode that UTF-8 cannot encode
        names = tuple(str(value) for value in values)
        for name in (*names, *class_names):
            name.casefold().encode()
    if not len(class_names):
        return names
    if values.dtype.kind not in "iu" or values[0] < 0 or values[-1] >= len(class_names):
        raise DataError(
            f"{where}: labels must be 0 to {len(class_names) - 1}, since {len(class_names)} classes are "
            f"named, got {values[0]} to {values[-1]}. If the truth is withheld, {without_labels(where)}."
        )
    return tuple(class_names[value] for value in values)


def encoding_of(labels: NDArray[Any]) -> str:
    """Return the encoding of byte labels: UTF-8, else Latin-1, in which every byte is a letter.

    Examples
    --------
    >>> encoding_of(np.array(["ä".encode("latin-1")]))
    'latin-1'
    """
    try:
        np.char.decode(labels, "utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


@contextmanager
def _not_text(where: str) -> Iterator[None]:
    refusal = "{}: labels must be text in UTF-8: {}. Correct them, or {}."
    with library_call(lambda reason: DataError(refusal.format(where, reason, without_labels(where)))):
        yield


def _plain(labels: NDArray[Any], where: str) -> NDArray[Any]:
    """Return labels, none of them empty, as whole numbers, booleans or text."""
    if labels.dtype.kind == "O":
        if not all(isinstance(value, str) for value in labels):
            raise DataError(f"{where}: labels must be all numbers or all strings, got {_two_types(labels)}.")
        return labels.astype(str)
    if labels.dtype.kind == "S":
        return np.char.decode(labels, encoding_of(labels))
    if labels.dtype.kind == "f":
        # From 2**63 on, a cast to int64 would make different labels equal.
        whole = (labels == np.trunc(labels)) & (np.abs(labels) < np.float64(2**63))
        bad = np.flatnonzero(~whole)
        if len(bad):
            raise DataError(
                f"{where}: labels must be classes (whole numbers or strings), got {labels[bad[0]]} in row "
                f"{bad[0]} (counted from 0). Choose other labels, or {without_labels(where)}."
            )
        return labels.astype(np.int64)
    if labels.dtype.kind not in "biuU":
        raise DataError(f"{where}: labels must be whole numbers or strings, got dtype {labels.dtype}.")
    return labels


def _two_types(labels: NDArray[Any]) -> str:
    """Return two labels of different types, to find the culprit by."""
    first = labels[0]
    other = next((label for label in labels if type(label) is not type(first)), first)
    return " and ".join(
        dict.fromkeys(f"{brief_repr(each)} ({type(each).__name__})" for each in (first, other))
    )
