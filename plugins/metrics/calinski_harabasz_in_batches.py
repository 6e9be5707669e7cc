"""The metric `calinski-harabasz` of embeddings larger than memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from harness import metric

from ._checks import check_separable
from ._dispersion import Dispersion
from ._few_of_each import few_of_each
from ._types import Labels


@metric(
    direction="higher",
    low=0,
    high=float("inf"),
    needs=("embedding",),
    source="Calinski and Harabasz 1974",
    all_rows=True,
)
def calinski_harabasz_in_batches(truth: Labels | None, labels: Labels, embedding: Any) -> float:
    """Return what `calinski_harabasz` returns, up to rounding, from two passes over the embedding.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    Examples
    --------
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> round(calinski_harabasz_in_batches(None, np.array([0, 0, 1, 1]), codes), 4)
    32.0
    """
    check_separable("calinski-harabasz", few_of_each(labels))
    found = Dispersion.of(embedding, labels)
    n, count = len(labels), len(found.sizes)
    steps = found.means - np.average(found.means, axis=0, weights=found.sizes)
    between = float(found.sizes @ np.einsum("ij,ij->i", steps, steps))
    within = float(found.squares.sum())
    return between * (n - count) / (within * (count - 1)) if within else 1.0
