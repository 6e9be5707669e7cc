"""Measurements of cell nuclei of breast tumours (Wolberg, Mangasarian, Street and Street, 1993)."""

from __future__ import annotations

from harness import Dataset, DatasetInfo, dataset

from ._tables import LICENCE, LICENCE_SKIP, from_bunch


@dataset(DatasetInfo(n_samples=569, n_features=30, n_classes=2, licence=LICENCE))
def breast_cancer() -> Dataset:
    """Return 569 tumours of 30 features in different units, values unchanged; there is no official split.

    Examples
    --------
    >>> breast_cancer().samples.shape, breast_cancer().class_names
    ((569, 30), ('malignant', 'benign'))
    """
    from sklearn.datasets import load_breast_cancer

    return from_bunch("breast-cancer", load_breast_cancer, "UCI Breast Cancer Wisconsin, Diagnostic")


breast_cancer.conformance_skips = LICENCE_SKIP  # type: ignore[attr-defined]
