"""Conversion of raw arrays to a Dataset: check the shape, choose the precision, encode the labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.interfaces import Dataset, Floats, all_finite
from ..core.mapped_rows import BYTES, batches, is_large, is_mapped
from .advice import without_labels
from .label_notes import label_notes
from .labels import encode, encoding_of
from .missing import without_missing
from .precision import check_finite, mapped_floats, to_floats
from .raw import Raw, check_samples
from .spread import spread_notes
from .suspicions import end_notes, extremes, value_notes

_ROWS = 4096


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
    """Return a Dataset with unchanged values and labels from 0.

    Only images of bytes (whole numbers from 0 to 255, some above 1) are changed: divided by 255. The values
    are float32, or float64 where float32 would lose a distinct value, order or range. Mapped samples of over
    256 MiB as floats stay in their file, and are converted as they are read.

    Parameters
    ----------
    raw : Raw
        Samples and, if there, labels.
    name, where : str
        The dataset's name, and the file or folder to name in errors.
    image_shape : tuple (height, width) or (height, width, channels), optional
        Overrides the shape of the raw samples.
    missing : {"drop-rows", "drop-columns", "mean", "median"}, optional
        Treatment of missing values, which are refused by default.
    unlabelled : "auto", str, int or None
        The label of samples without a known class: they are clustered, but left out of scores that use the
        classes. "auto": -1, if there are two or more other labels. None: there are none.

    Raises
    ------
    DataError
        If samples or labels have a wrong type, shape or value.

    Examples
    --------
    >>> data = to_dataset(Raw(np.array([[-2, 0], [2, 1]])), name="toy", where="toy.npy")
    >>> data.samples.tolist(), data.samples.dtype, data.scaling
    ([[-2.0, 0.0], [2.0, 1.0]], dtype('float32'), 'none')
    """
    check_samples(raw.samples, where)
    if raw.samples.dtype.kind == "f" and not all_finite(raw.samples):
        raw = without_missing(raw, missing, where=where)
        check_finite(raw.samples.reshape(len(raw.samples), -1), where=where, names=raw.feature_names)
    shape = _image_shape(raw, image_shape, where)
    flat = raw.samples.reshape(len(raw.samples), -1)
    byte_images = shape is not None and _is_bytes(flat)
    in_file = is_mapped(flat) and is_large(flat.shape)
    if in_file:
        samples = mapped_floats(flat, 255 if byte_images else 1, where=where)
    else:
        samples = _divided(flat) if byte_images else to_floats(flat, where=where)
    truth, names = None, tuple(raw.class_names)
    if raw.labels is not None:
        told = type(where)(f"{where}, {raw.label!r}") if raw.label else where
        unlabelled = raw.noise if raw.noise is not None and unlabelled == "auto" else unlabelled
        truth, names = encode(raw.labels, len(flat), class_names=names, unlabelled=unlabelled, where=told)
        _check_plausible(names, int((truth >= 0).sum()), told)
    values = () if shape else value_notes(samples, truth, raw.feature_names, where)
    spread = () if shape else spread_notes(samples, raw.feature_names)
    ends = () if shape or raw.labels is not None or raw.feature_names else end_notes(samples)
    labels = label_notes(truth, names, where, noise=raw.noise if unlabelled == raw.noise else None)
    read = (f"rows stay in the file as {flat.dtype} and are read in batches",) if in_file else ()
    notes = (*raw.notes, *read, *_encoding_notes(raw.labels), *labels, *values, *ends, *spread)
    return Dataset(
        name=name,
        samples=samples,
        truth=truth,
        image_shape=shape,
        n_train=raw.n_train,
        class_names=names,
        licence=raw.licence or licence,
        source=raw.source or where,
        scaling=BYTES if byte_images else "none",
        label=raw.label,
        left_out=raw.left_out,
        missing=raw.missing,
        notes=notes,
        known_finite=True,
    )


def _check_plausible(names: Sequence[str], n_samples: int, where: str) -> None:
    """Refuse labels that do not group the samples: identifiers or measurements."""
    if n_samples >= 10 and len(names) > n_samples / 2:
        raise DataError(
            f"{where}: the labels make {len(names)} classes of {n_samples} samples, so they look like "
            f"identifiers or measurements. Choose other labels, or {without_labels(where)}."
        )


def _encoding_notes(labels: NDArray[Any] | None) -> Iterator[str]:
    if labels is not None and labels.dtype.kind == "S" and encoding_of(labels) != "utf-8":
        yield f"labels are bytes, read as {encoding_of(labels)}"


def _is_bytes(samples: NDArray[Any]) -> bool:
    """Return whether all values of images are bytes, and not just masks of 0 and 1."""
    low, high = extremes(samples)
    return bool(low.min() >= 0 and 1 < high.max() <= 255) and _whole(samples)


def _divided(samples: NDArray[Any]) -> Floats:
    out = samples.astype(np.float32, order="C")
    out /= np.float32(255)
    return out


def _whole(samples: NDArray[Any]) -> bool:
    if samples.dtype.kind in "iu":
        return True
    return all(bool((block == np.trunc(block)).all()) for _, block in batches(samples, _ROWS))


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
