"""A dataset in one line: its size, its classes, and what was guessed or left out in reading it."""

from __future__ import annotations

import numpy as np

from ..core.interfaces import Dataset


def summary(data: Dataset) -> str:
    """Return one line on a dataset.

    Examples
    --------
    >>> data = Dataset("toy", np.eye(4, dtype=np.float32), np.array([0, 0, 1, 1]), notes=("no header",))
    >>> summary(data)
    'toy: 4 samples x 4 features, 2 classes (2 each); scaling: none; no header'
    """
    facts = [f"{data.n_samples:,} samples x {data.n_features:,} features, {_classes(data)}"]
    return f"{data.name}: {'; '.join((*facts, f'scaling: {data.scaling}', *data.notes))}"


def _classes(data: Dataset) -> str:
    if data.truth is None:
        return "no labels"
    sizes = np.unique(data.truth, return_counts=True)[1]
    each = f"{sizes[0]:,} each" if len(set(sizes)) == 1 else f"{sizes.min():,} to {sizes.max():,} samples"
    return f"{len(sizes):,} class{'es' * (len(sizes) > 1)} ({each})"
