"""The common step from raw arrays to a Dataset: check the shape, scale to [0, 1], encode the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Dataset, Floats
from .labels import encode

_ROWS = 4096


@dataclass(frozen=True, eq=False)
class Raw:
    """What a file holds, before scaling and encoding.

    Parameters
    ----------
    samples : ndarray of shape (n, d), (n, height, width) or (n, height, width, channels)
        Booleans, integers or floats of any range.
    labels : ndarray of shape (n,), optional
        Integers or strings; positions in `class_names` where that is given.
    n_train : int, optional
        How many rows, from the first, form the official train split.
    image_shape : tuple (height, width, channels), optional
        Set where rows of 2-D samples are images.
    class_names : sequence of str
        Names that integer labels point to.
    notes : tuple of str
        What was guessed or left out in reading it.
    """

    samples: NDArray[Any]
    labels: NDArray[Any] | None = None
    n_train: int | None = None
    image_shape: tuple[int, int, int] | None = None
    class_names: Sequence[str] = ()
    notes: tuple[str, ...] = ()


def join(train: Raw, test: Raw, *, where: str) -> Raw:
    """Put a test part behind a train part, which becomes the official split.

    Raises
    ------
    DataError
        When the parts differ in the shape of a sample, or only one of them has labels.

    Examples
    --------
    >>> part = Raw(np.eye(3), np.arange(3))
    >>> join(part, part, where="toy").n_train
    3
    """
    left, right = train.samples.shape[1:], test.samples.shape[1:]
    if left != right:
        raise DataError(f"{where}: train and test samples must have one shape, got {left} and {right}.")
    if (train.labels is None) != (test.labels is None):
        lacking = "test" if test.labels is None else "train"
        raise DataError(f"{where}: the {lacking} part has no labels but the other has. Add or remove labels.")
    for part, raw in (("train", train), ("test", test)):
        if raw.labels is not None and len(raw.labels) != len(raw.samples):
            counts = f"{len(raw.labels)} labels for {len(raw.samples)} samples"
            raise DataError(f"{where}: there must be one label per sample, got {counts} in the {part} part.")
    labels = None
    if train.labels is not None and test.labels is not None:
        labels = np.concatenate([train.labels, test.labels])
    samples = np.concatenate([train.samples, test.samples])
    notes = tuple(dict.fromkeys((*train.notes, *test.notes)))
    return Raw(samples, labels, len(train.samples), train.image_shape, train.class_names, notes)


def to_dataset(
    raw: Raw, *, name: str, where: str, image_shape: tuple[int, ...] | None = None, licence: str = "unknown"
) -> Dataset:
    """Return a Dataset of samples in [0, 1] and labels from 0.

    Bytes, and images of whole numbers up to 255, are divided by 255; values within [0, 1] stay; all else goes
    through one affine map of the whole array, not of each feature, so that distances keep their ratios.

    Parameters
    ----------
    raw : Raw
        Samples and, if there, labels.
    name, where : str
        The dataset's name, and the file or folder that errors name.
    image_shape : tuple (height, width) or (height, width, channels), optional
        Overrides the shape of the raw samples.

    Raises
    ------
    DataError
        When samples or labels have a wrong type, shape or value.

    Examples
    --------
    >>> data = to_dataset(Raw(np.array([[-2, 0], [2, 1]])), name="toy", where="toy.npy")
    >>> data.samples.tolist(), data.scaling
    ([[0.0, 0.5], [1.0, 0.75]], 'global min-max')
    """
    _check_samples(raw.samples, where)
    shape = _image_shape(raw, image_shape, where)
    flat = raw.samples.reshape(len(raw.samples), -1)
    samples, scaling = scale(flat, images=shape is not None, where=where)
    truth, names = None, tuple(raw.class_names)
    if raw.labels is not None:
        truth, names = encode(raw.labels, len(flat), class_names=names, where=where)
        _check_plausible(names, len(flat), where)
    notes = (*raw.notes, *_label_notes(raw.labels, names))
    return Dataset(name, samples, truth, shape, raw.n_train, names, licence, where, scaling, notes)


def _check_plausible(names: Sequence[str], n_samples: int, where: str) -> None:
    """Refuse classes that are no grouping of the samples: identifiers, or a quantity."""
    if n_samples >= 10 and len(names) > n_samples / 2:
        raise DataError(
            f"{where}: the labels make {len(names)} classes of {n_samples} samples, so they look like "
            "identifiers or measurements. Choose another label column, or label=None for none."
        )


def _label_notes(labels: NDArray[Any] | None, names: Sequence[str]) -> Iterator[str]:
    if labels is not None and len(names) == 1:
        yield f"all samples are of one class, {names[0]!r}"
    if labels is not None and "-1" in names:
        yield "the label -1 counts as a class of its own"


def scale(samples: NDArray[Any], *, images: bool, where: str) -> tuple[Floats, str]:
    """Map a 2-D array into [0, 1] as float32, and say how.

    Examples
    --------
    >>> scale(np.array([[0, 255]], dtype=np.uint8), images=False, where="toy")
    (array([[0., 1.]], dtype=float32), 'divided by 255')
    >>> scale(np.full((1, 2), 7.0), images=False, where="toy")
    (array([[0., 0.]], dtype=float32), 'global min-max')
    """
    low, high = float(samples.min()), float(samples.max())
    if not np.isfinite(low) or not np.isfinite(high):
        row, column = np.argwhere(~np.isfinite(samples))[0]
        raise DataError(
            f"{where}: values must be finite, got {samples[row, column]} in row {row}, column {column} "
            "(counted from 0). Fill or drop such rows."
        )
    if low >= 0 and high <= 1:
        return np.ascontiguousarray(samples, dtype=np.float32), "none"
    if samples.dtype == np.uint8 or (images and low >= 0 and high <= 255 and _whole(samples)):
        out: Floats = samples.astype(np.float32, order="C")
        out /= np.float32(255)
        return out, "divided by 255"
    return _affine(samples, low, high, where), "global min-max"


def _affine(samples: NDArray[Any], low: float, high: float, where: str) -> Floats:
    span = high - low
    if not np.isfinite(span):
        raise DataError(
            f"{where}: values must span less than float64 can hold, got {low} to {high}. Rescale them."
        )
    out = np.zeros(samples.shape, dtype=np.float32)
    if span:
        # float64 keeps small differences of large values; a block at a time keeps the copy small.
        for start in range(0, len(samples), _ROWS):
            out[start : start + _ROWS] = (samples[start : start + _ROWS].astype(np.float64) - low) / span
    return out


def _whole(samples: NDArray[Any]) -> bool:
    if samples.dtype.kind in "iu":
        return True
    blocks = (samples[start : start + _ROWS] for start in range(0, len(samples), _ROWS))
    return all(bool((block == np.trunc(block)).all()) for block in blocks)


def _check_samples(samples: NDArray[Any], where: str) -> None:
    shape, dtype = samples.shape, samples.dtype
    if dtype.kind not in "biuf":
        raise DataError(f"{where}: samples must be numbers (boolean, integer or float), got dtype {dtype}.")
    if samples.ndim not in (2, 3, 4):
        raise DataError(
            f"{where}: samples must have shape (n, d), (n, height, width) or (n, height, width, channels), "
            f"got {shape}."
        )
    if samples.size == 0:
        raise DataError(f"{where}: there are no samples, got an empty array of shape {shape}.")
    if samples.ndim == 4 and shape[3] > 4:
        raise DataError(
            f"{where}: images must have shape (n, height, width, channels) with 1 to 4 channels, "
            f"got {shape}. Where channels come first, use np.moveaxis(images, 1, -1)."
        )


def _image_shape(raw: Raw, given: tuple[int, ...] | None, where: str) -> tuple[int, int, int] | None:
    own = raw.samples.shape[1:]
    size = int(np.prod(own))
    if given is not None:
        if len(given) not in (2, 3) or any(side < 1 for side in given) or int(np.prod(given)) != size:
            raise DataError(
                f"{where}: image_shape must be (height, width) or (height, width, channels) with a product "
                f"of {size}, got {tuple(given)}."
            )
        own = tuple(given)
    elif len(own) == 1:
        return raw.image_shape
    return (own[0], own[1], own[2] if len(own) == 3 else 1)
