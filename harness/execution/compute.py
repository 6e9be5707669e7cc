"""Compute one stage: inputs and results of encoders and clusterers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import HarnessError, NotApplicable
from ..core.interfaces import Dataset, Labels, all_finite
from ..core.mapped_rows import batches, distinct, new_rows, release
from ..core.plan import Stage
from ..registry.configure import build
from ..registry.fitted import show, tell
from ..registry.fitting import embed, label
from ..registry.large_data import in_batches
from .scoring import score

Arrays = Mapping[str, NDArray[Any]]
Values = dict[str, Any]


def encode(stage: Stage, inputs: Arrays) -> tuple[dict[str, NDArray[Any]], Values]:
    """Fit an encoder, and embed the fitted rows and, if possible, the other rows.

    Parameters
    ----------
    stage : Stage
    inputs : mapping
        ``fitted``, float32 or float64 of shape (n, d), and ``other`` of shape (m, d) where there are
        other rows.

    Returns
    -------
    arrays : dict
        The embeddings, float32 or float64 as the encoder gives them, under the same names; of some encoders
        ``reconstructed`` samples too.
    values : dict
        Attributes of the fitted encoder.
    """
    encoder = build(stage.plugin, stage.params)
    inputs = inputs if in_batches(stage.plugin) else {name: np.asarray(X) for name, X in inputs.items()}
    fitted = inputs["fitted"]
    arrays = {"fitted": _embedding(embed(encoder, fitted), fitted)}
    if "other" in inputs and hasattr(encoder, "transform"):
        arrays["other"] = _embedding(encoder.transform(inputs["other"]), inputs["other"])
    return {**arrays, **show(encoder, fitted)}, tell(encoder)


def cluster(stage: Stage, inputs: Arrays) -> tuple[dict[str, NDArray[Any]], Values]:
    """Fit a clusterer, and label the fitted rows and, if possible, the other rows.

    Returns
    -------
    arrays : dict
        Labels, int64, as ``fitted`` and ``other``; on request soft assignments, float32 of shape (n, K), as
        ``fitted_soft`` and ``other_soft``.
    values : dict
        Attributes of the fitted clusterer, and ``n_clusters`` found in the fitted rows.
    """
    clusterer = build(stage.plugin, stage.params)
    inputs = inputs if in_batches(stage.plugin) else {name: np.asarray(X) for name, X in inputs.items()}
    fitted = inputs["fitted"]
    arrays: dict[str, NDArray[Any]] = {"fitted": _labels(label(clusterer, fitted), len(fitted))}
    if "other" in inputs and hasattr(clusterer, "predict"):
        arrays["other"] = _labels(clusterer.predict(inputs["other"]), len(inputs["other"]))
    if stage.soft and hasattr(clusterer, "predict_proba"):
        for name in arrays.keys() & inputs.keys():
            arrays[f"{name}_soft"] = np.asarray(clusterer.predict_proba(inputs[name]), dtype=np.float32)
    found = distinct(arrays["fitted"])
    return arrays, {**tell(clusterer), "n_clusters": int((found >= 0).sum())}


def compute(
    stage: Stage, dataset: Dataset, read: Callable[[str, str], NDArray[Any] | None]
) -> tuple[dict[str, NDArray[Any]], Values]:
    """Compute a stage from the dataset and the arrays of the stages before it.

    Parameters
    ----------
    stage : Stage
    dataset : Dataset
    read : callable
        Returns array `name` of the stage with a given key, or None if it has none.

    Raises
    ------
    NotApplicable
        If earlier stages returned no rows of the kind that the protocol needs.
    """
    if stage.kind == "score":
        name = "fitted" if stage.fitted == stage.scored else "other"
        labels = read(stage.parents[0], name)
        if labels is None:
            what = "embed" if read(stage.parents[1], name) is None else "label"
            raise NotApplicable(
                f"the {'encoder' if what == 'embed' else 'clusterer'} cannot {what} rows that it was not "
                "fitted on; use --protocol full, train or test"
            )
        truth = None if dataset.truth is None else dataset.truth[dataset.rows(stage.scored)]
        return {}, score(stage.plugin, stage.params, truth, labels, lambda: read(stage.parents[1], name))
    inputs = {"fitted": dataset.samples[dataset.rows(stage.fitted)]}
    if stage.fitted == "train":
        inputs["other"] = dataset.samples[dataset.rows("test")]
    if stage.parents:
        sources = stage.parents if stage.kind == "encode" else stage.parents[:1]
        found = {name: [read(key, name) for key in sources] for name in inputs}
        inputs = {
            name: _beside(arrays) for name, arrays in found.items() if all(a is not None for a in arrays)
        }
    return (encode if stage.kind == "encode" else cluster)(stage, inputs)


def _beside(arrays: list[NDArray[Any] | None]) -> NDArray[Any]:
    """Return the embeddings of several encoders as one; a single one itself, not a copy."""
    found = [array for array in arrays if array is not None]
    return found[0] if len(found) == 1 else np.hstack(found)


def _embedding(array: Any, inputs: NDArray[Any]) -> NDArray[Any]:
    if array is inputs:
        return inputs  # type: ignore[no-any-return]
    array = np.asarray(array)
    if array.ndim != 2 or len(array) != len(inputs) or not array.shape[1]:
        raise HarnessError(
            f"an embedding must have shape ({len(inputs)}, k) with k of at least 1, got {array.shape}"
        )
    if array.dtype.kind not in "fiub":
        raise HarnessError(f"an embedding must be numbers, got dtype {array.dtype}")
    # Other dtypes are widened to the next that holds them: float16 to float32, int64 to float64.
    array = np.ascontiguousarray(
        array, dtype=min(np.result_type(array.dtype, np.float32), np.dtype(np.float64))
    )
    if not all_finite(array):
        raise HarnessError("an embedding must be finite, got nan or infinity")
    return array  # type: ignore[no-any-return]


def _labels(labels: Any, n: int) -> Labels:
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise HarnessError(f"labels must have shape ({n},), got {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise HarnessError(f"labels must be integers, got dtype {labels.dtype}")
    found = new_rows(labels.shape, np.int64)  # many lie in a file
    for rows, block in batches(labels):
        if block.min() < -1:
            raise HarnessError(f"labels must be -1 (noise) or from 0, got {block.min()}")
        found[rows] = block
        release(found)
    return found
