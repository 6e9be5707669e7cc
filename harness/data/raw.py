"""Raw content of a file, before it becomes a Dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.library_calls import library_call
from .advice import either


@dataclass(frozen=True, eq=False)
class Raw:
    """Content of a file before its labels are encoded.

    Parameters
    ----------
    samples : ndarray of shape (n, d), (n, height, width) or (n, height, width, channels)
        Booleans, integers or floats of any range.
    labels : ndarray of shape (n,), optional
        Integers or strings; positions in `class_names` if that is given.
    n_train : int, optional
        Number of rows, from the first, in the official train split.
    image_shape : tuple (height, width, channels), optional
        Set where rows of 2-D samples are images.
    class_names : sequence of str
        Names that integer labels point to.
    feature_names : tuple of str
        Names of the columns of 2-D samples, if they have names.
    label : str
        Name of the column or array that the labels come from, if it has one.
    left_out : tuple of str
        Parts of the file that are not samples, each with the reason.
    missing : str
        Treatment of missing values.
    notes : tuple of str
        Other guesses made in reading it.
    noise : int, optional
        The label of noise points, which have no class.
    suffix : str
        Added to the dataset's default name: which of several labellings it is.
    source, licence : str
        Origin and terms of use, if a description beside the file gives them.
    """

    samples: NDArray[Any]
    labels: NDArray[Any] | None = None
    n_train: int | None = None
    image_shape: tuple[int, int, int] | None = None
    class_names: Sequence[str] = ()
    feature_names: tuple[str, ...] = ()
    label: str = ""
    left_out: tuple[str, ...] = ()
    missing: str = ""
    notes: tuple[str, ...] = ()
    noise: int | None = None
    suffix: str = ""
    source: str = ""
    licence: str = ""


def join(train: Raw, test: Raw, *, where: str) -> Raw:
    """Append a test part to a train part; the two become the official split.

    Raises
    ------
    DataError
        If the parts differ in the shape of a sample, or only one of them has labels.

    Examples
    --------
    >>> part = Raw(np.eye(3), np.arange(3))
    >>> join(part, part, where="toy").n_train
    3
    """
    for part, raw in (("train", train), ("test", test)):
        check_samples(raw.samples, f"{where} ({part} part)")
    left, right = train.samples.shape[1:], test.samples.shape[1:]
    if left != right:
        raise DataError(f"{where}: train and test samples must have one shape, got {left} and {right}.")
    if train.feature_names and test.feature_names and train.feature_names != test.feature_names:
        raise DataError(
            f"{where}: train and test must have the same columns in the same order, got "
            f"{_difference(train.feature_names, test.feature_names)}. Use drop= or keep= if one is left out."
        )
    if (train.labels is None) != (test.labels is None):
        lacking = "test" if test.labels is None else "train"
        raise DataError(
            f"{where}: the {lacking} part has no labels, but the other part has. Add or remove labels."
        )
    for part, raw in (("train", train), ("test", test)):
        if raw.labels is not None and raw.labels.shape != (len(raw.samples),):
            counts = f"labels of shape {raw.labels.shape} for {len(raw.samples)} samples"
            raise DataError(f"{where}: there must be one label per sample, got {counts} in the {part} part.")
    labels = None
    if train.labels is not None and test.labels is not None:
        types = f"{where}: labels must be of one type, got {train.labels.dtype} and {test.labels.dtype}."
        with library_call(lambda _: DataError(types)):
            labels = np.concatenate([train.labels, test.labels])
    return replace(
        train,
        samples=np.concatenate([train.samples, test.samples]),
        labels=labels,
        n_train=len(train.samples),
        left_out=tuple(dict.fromkeys((*train.left_out, *test.left_out))),
        missing="; ".join(dict.fromkeys(filter(None, (train.missing, test.missing)))),
        notes=tuple(dict.fromkeys((*train.notes, *test.notes))),
    )


def _difference(one: Sequence[str], other: Sequence[str]) -> str:
    """Return the first difference between two sequences of names, train before test."""
    pairs = enumerate(zip_longest(one, other))
    place, (left, right) = next((place, pair) for place, pair in pairs if pair[0] != pair[1])
    return f"{left!r} and {right!r} in place {place} (counted from 0)"


def check_samples(samples: NDArray[Any], where: str) -> None:
    """Refuse samples of a wrong type or number of dimensions, or none at all.

    Examples
    --------
    >>> check_samples(np.eye(2), "toy")
    """
    shape, dtype = samples.shape, samples.dtype
    if dtype.kind not in "biuf":
        raise DataError(f"{where}: samples must be numbers (boolean, integer or float), got dtype {dtype}.")
    beside = either(where, "", " Pass classes next to samples: (X, y).")
    if samples.ndim not in (2, 3, 4):
        raise DataError(
            f"{where}: samples must have shape (n, d), (n, height, width) or (n, height, width, channels), "
            f"got {shape}.{beside if samples.ndim == 1 else ''}"
        )
    if samples.size == 0:
        raise DataError(f"{where}: no samples: got an empty array of shape {shape}.")
    if samples.ndim == 4 and shape[3] > 4:
        raise DataError(
            f"{where}: images must have shape (n, height, width, channels) with 1 to 4 channels, "
            f"got {shape}. If channels come first, use np.moveaxis(images, 1, -1)."
        )
