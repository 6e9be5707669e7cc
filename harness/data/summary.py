"""One-line summary of a dataset: its size, its classes, and what was guessed or left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..core.counts import counted, shortened
from ..core.interfaces import Dataset

MOST = 5  # left-out names shown


def summary(data: Dataset) -> str:
    """Return one line on a dataset.

    Examples
    --------
    >>> data = Dataset("toy", np.eye(4, dtype=np.float32), np.array([0, 0, 1, 1]), label="kind")
    >>> summary(data)
    "toy: 4 samples x 4 features, 2 classes from 'kind' (2 each)"
    """
    return f"{_name(data)}: {'; '.join(_facts(data))}"


def _name(data: Dataset) -> str:
    try:
        return Path(data.source).name if data.source and Path(data.source).is_file() else data.name
    except (OSError, ValueError):  # the source is a sentence, longer than a file's name
        return data.name


def _facts(data: Dataset) -> Iterator[str]:
    features = counted(data.n_features, "feature")
    images = f", images of {' x '.join(map(str, data.image_shape))}" if data.image_shape else ""
    split = f" ({data.n_train:,} train)" if data.n_train else ""
    yield f"{data.n_samples:,} samples{split} x {features}{images}, {_classes(data)}"
    if data.left_out:
        yield f"left out: {shortened(data.left_out, MOST)}"
    if data.missing:
        yield data.missing
    if data.scaling != "none":
        yield data.scaling
    if data.samples.dtype == np.float64:
        yield "float64"
    yield from data.notes


def _classes(data: Dataset) -> str:
    if data.truth is None:
        return "no labels"
    sizes = np.unique(data.truth[data.truth >= 0], return_counts=True)[1]  # -1 means no class
    each = f"{sizes[0]:,} each" if len(set(sizes)) == 1 else f"{sizes.min():,} to {sizes.max():,} samples"
    origin = f" from {data.label!r}" if data.label else ""
    return f"{counted(len(sizes), 'class')}{origin} ({each})"
