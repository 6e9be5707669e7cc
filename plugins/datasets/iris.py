"""Measurements of iris flowers, in centimetres (Fisher, 1936)."""

from __future__ import annotations

from harness import Dataset, DatasetInfo, dataset

from ._tables import LICENCE, LICENCE_SKIP, from_bunch


@dataset(DatasetInfo(n_samples=150, n_features=4, n_classes=3, licence=LICENCE))
def iris() -> Dataset:
    """Return 50 flowers of each of three species, values unchanged; there is no official split.

    Examples
    --------
    >>> iris().samples.shape, iris().class_names
    ((150, 4), ('setosa', 'versicolor', 'virginica'))
    """
    from sklearn.datasets import load_iris

    return from_bunch("iris", load_iris, "Fisher's paper; UCI's copy differs in two rows")


iris.conformance_skips = LICENCE_SKIP  # type: ignore[attr-defined]
