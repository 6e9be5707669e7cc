"""The metric `davies-bouldin` of embeddings larger than memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.metrics import pairwise_distances

from harness import metric

from ._checks import check_separable
from ._dispersion import Dispersion
from ._few_of_each import few_of_each
from ._types import Labels


@metric(
    direction="lower",
    low=0,
    high=float("inf"),
    needs=("embedding",),
    source="Davies and Bouldin 1979",
    all_rows=True,
)
def davies_bouldin_in_batches(truth: Labels | None, labels: Labels, embedding: Any) -> float:
    """Return what `davies_bouldin` returns, up to rounding, from two passes over the embedding.

    Raises
    ------
    NotApplicable
        If there are fewer than 2 groups, or as many as samples.

    Examples
    --------
    >>> codes = np.array([[0], [1], [4], [5]], dtype=np.float32)
    >>> round(davies_bouldin_in_batches(None, np.array([0, 0, 1, 1]), codes), 4)
    0.25
    """
    check_separable("davies-bouldin", few_of_each(labels))
    found = Dispersion.of(embedding, labels)
    widths = found.lengths / found.sizes
    apart = pairwise_distances(found.means)
    if np.allclose(widths, 0) or np.allclose(apart, 0):  # as in scikit-learn
        return 0.0
    apart[apart == 0] = np.inf
    return float(np.max((widths[:, None] + widths) / apart, axis=1).mean())
