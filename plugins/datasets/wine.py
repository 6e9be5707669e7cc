"""Chemical analyses of wines of three cultivars (Aeberhard and Forina, 1991)."""

from __future__ import annotations

from harness import Dataset, DatasetInfo, dataset

from ._tables import LICENCE, LICENCE_SKIP, from_bunch


@dataset(DatasetInfo(n_samples=178, n_features=13, n_classes=3, licence=LICENCE))
def wine() -> Dataset:
    """Return 178 wines of 13 features in different units, values unchanged; there is no official split.

    Examples
    --------
    >>> wine().samples.shape, wine().class_names
    ((178, 13), ('class_0', 'class_1', 'class_2'))
    """
    from sklearn.datasets import load_wine

    return from_bunch("wine", load_wine, "UCI Wine")


wine.conformance_skips = LICENCE_SKIP  # type: ignore[attr-defined]
