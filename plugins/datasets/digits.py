"""Handwritten digits of 8 x 8 pixels, embedded in scikit-learn (Alpaydin and Kaynak, 1998)."""

from __future__ import annotations

import numpy as np

from harness import Dataset, DatasetInfo, dataset

_LICENCE = "CC BY 4.0"


@dataset(DatasetInfo(n_samples=1797, n_features=64, n_classes=10, licence=_LICENCE, image_shape=(8, 8, 1)))
def digits() -> Dataset:
    """Return the 1,797 images, values divided by 16; there is no official split.

    Examples
    --------
    >>> digits().samples.shape
    (1797, 64)
    """
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return Dataset(
        "digits",
        bunch.data.astype(np.float32) / np.float32(16),
        truth=bunch.target.astype(np.int64),
        image_shape=(8, 8, 1),
        class_names=tuple(str(digit) for digit in range(10)),
        licence=_LICENCE,
        source="scikit-learn (UCI Optical Recognition of Handwritten Digits, test set)",
        scaling="divided by 16",
    )
