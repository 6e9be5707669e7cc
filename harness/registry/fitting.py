"""Fit an estimator, and return its embedding or labels."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from ..core.errors import HarnessError


def embed(encoder: Any, X: NDArray[Any]) -> Any:
    """Fit an encoder, and return its embedding of the fitted rows, unchanged."""
    if hasattr(encoder, "fit_transform"):
        return encoder.fit_transform(X)
    encoder.fit(X)
    return encoder.transform(X)


def label(clusterer: Any, X: NDArray[Any]) -> Any:
    """Fit a clusterer, and return its labels of the fitted rows, unchanged.

    Examples
    --------
    >>> class OnlyBoth:
    ...     def fit_predict(self, X):
    ...         return [0] * len(X)
    >>> label(OnlyBoth(), [[1.0], [2.0]])
    [0, 0]
    """
    # A pipeline has no labels_, and its last step may have no predict: use fit_predict.
    both = hasattr(clusterer, "fit_predict")
    if both and (not hasattr(clusterer, "fit") or hasattr(clusterer, "steps")):
        return clusterer.fit_predict(X)
    clusterer.fit(X)
    if hasattr(clusterer, "labels_"):
        return clusterer.labels_
    if hasattr(clusterer, "predict"):
        return clusterer.predict(X)
    if both:
        return clusterer.fit_predict(X)
    raise HarnessError("after fit it has neither labels_ nor predict: let fit set labels_, one a sample")
