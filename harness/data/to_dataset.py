"""The common step from raw arrays to a Dataset: check the shape, choose the precision, encode the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Dataset, Floats, Labels, all_finite
from ..core.library_calls import library_call
from .labels import encode, encoding_of
from .precision import check_finite, to_floats
from .spread import spread_notes

_ROWS = 4096


@dataclass(frozen=True, eq=False)
class Raw:
    """What a file holds, before its labels are encoded.

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
    feature_names : tuple of str
        Names of the columns of 2-D samples, if they have names.
    label : str
        Name of the column or array that the labels come from, if it has one.
    left_out : tuple of str
        What is in the file and not among the samples, each with the reason.
    missing : str
        What was done with missing values.
    notes : tuple of str
        What else was guessed in reading it.
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
    for part, raw in (("train", train), ("test", test)):
        _check_samples(raw.samples, f"{where} ({part} part)")
    left, right = train.samples.shape[1:], test.samples.shape[1:]
    if left != right:
        raise DataError(f"{where}: train and test samples must have one shape, got {left} and {right}.")
    if (train.labels is None) != (test.labels is None):
        lacking = "test" if test.labels is None else "train"
        raise DataError(f"{where}: the {lacking} part has no labels but the other has. Add or remove labels.")
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


def to_dataset(
    raw: Raw,
    *,
    name: str,
    where: str,
    image_shape: tuple[int, ...] | None = None,
    licence: str = "unknown",
    missing: str | None = None,
    unlabelled: str | int | None = "auto",
) -> Dataset:
    """Return a Dataset of the values as they are and labels from 0.

    Only images of bytes (whole numbers from 0 to 255, some above 1) are changed: divided by 255. The values
    are float32, or float64 where float32 would lose a distinct value, order or range.

    Parameters
    ----------
    raw : Raw
        Samples and, if there, labels.
    name, where : str
        The dataset's name, and the file or folder that errors name.
    image_shape : tuple (height, width) or (height, width, channels), optional
        Overrides the shape of the raw samples.
    missing : {"drop-rows", "drop-columns", "mean", "median"}, optional
        What to do with missing values, which are refused by default.
    unlabelled : "auto", str, int or None
        The label of samples whose class is not known: they are clustered, and left out of scores against the
        classes. "auto": -1 beside two classes or more. None: there are none.

    Raises
    ------
    DataError
        When samples or labels have a wrong type, shape or value.

    Examples
    --------
    >>> data = to_dataset(Raw(np.array([[-2, 0], [2, 1]])), name="toy", where="toy.npy")
    >>> data.samples.tolist(), data.samples.dtype, data.scaling
    ([[-2.0, 0.0], [2.0, 1.0]], dtype('float32'), 'none')
    """
    from .missing import without_missing

    _check_samples(raw.samples, where)
    if raw.samples.dtype.kind == "f" and not all_finite(raw.samples):
        raw = without_missing(raw, missing, where=where)
        check_finite(raw.samples.reshape(len(raw.samples), -1), where=where, names=raw.feature_names)
    shape = _image_shape(raw, image_shape, where)
    flat = raw.samples.reshape(len(raw.samples), -1)
    byte_images = shape is not None and _is_bytes(flat)
    samples = _divided(flat) if byte_images else to_floats(flat, where=where)
    truth, names = None, tuple(raw.class_names)
    if raw.labels is not None:
        told = f"{where}, {raw.label!r}" if raw.label else where
        truth, names = encode(raw.labels, len(flat), class_names=names, unlabelled=unlabelled, where=told)
        _check_plausible(names, int((truth >= 0).sum()), told)
    spread = () if shape else spread_notes(samples, raw.feature_names)
    notes = (*raw.notes, *_encoding_notes(raw.labels), *_label_notes(truth, names), *spread)
    return Dataset(
        name=name,
        samples=samples,
        truth=truth,
        image_shape=shape,
        n_train=raw.n_train,
        class_names=names,
        licence=licence,
        source=where,
        scaling="divided by 255" if byte_images else "none",
        label=raw.label,
        left_out=raw.left_out,
        missing=raw.missing,
        notes=notes,
        known_finite=True,
    )


def _check_plausible(names: Sequence[str], n_samples: int, where: str) -> None:
    """Refuse classes that are no grouping of the samples: identifiers, or a quantity."""
    if n_samples >= 10 and len(names) > n_samples / 2:
        raise DataError(
            f"{where}: the labels make {len(names)} classes of {n_samples} samples, so they look like "
            "identifiers or measurements. Choose another label column, or label=None for none."
        )


def _encoding_notes(labels: NDArray[Any] | None) -> Iterator[str]:
    if labels is not None and labels.dtype.kind == "S" and encoding_of(labels) != "utf-8":
        yield f"labels are bytes, read as {encoding_of(labels)}"


def _label_notes(truth: Labels | None, names: Sequence[str]) -> Iterator[str]:
    if truth is None:
        return
    if len(names) == 1:
        yield f"all samples are of one class, {names[0]!r}"
    if "-1" in names:
        yield "the label -1 counts as a class of its own; unlabelled=-1 says that it is none"
    if unlabelled := int((truth < 0).sum()):
        yield f"{unlabelled:,} unlabelled samples: clustered, left out of scores against the classes"


def _is_bytes(samples: NDArray[Any]) -> bool:
    """Tell whether all values of images are bytes, and more than masks of 0 and 1."""
    low, high = samples.min(), samples.max()
    return bool(low >= 0 and 1 < high <= 255) and _whole(samples)


def _divided(samples: NDArray[Any]) -> Floats:
    out = samples.astype(np.float32, order="C")
    out /= np.float32(255)
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
