"""Handwritten digits of 8 x 8 pixels, embedded in scikit-learn (Alpaydin and Kaynak, 1998)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from harness import Dataset, DatasetInfo, dataset

_LICENCE = "CC BY 4.0"


def _table() -> NDArray[np.float64]:
    """Return pixels and class of each image, from the file, since importing scikit-learn takes a second."""
    spec = find_spec("sklearn")
    for place in spec.submodule_search_locations or () if spec else ():
        path = Path(place) / "datasets" / "data" / "digits.csv.gz"
        if path.exists():
            return np.loadtxt(path, delimiter=",")
    from sklearn.datasets import load_digits

    bunch = load_digits()
    return np.column_stack([bunch.data, bunch.target])


@dataset(DatasetInfo(n_samples=1797, n_features=64, n_classes=10, licence=_LICENCE, image_shape=(8, 8, 1)))
def digits() -> Dataset:
    """Return the 1,797 images, values divided by 16; there is no official split.

    Examples
    --------
    >>> digits().samples.shape
    (1797, 64)
    """
    table = _table()
    return Dataset(
        "digits",
        table[:, :-1].astype(np.float32) / np.float32(16),
        truth=table[:, -1].astype(np.int64),
        image_shape=(8, 8, 1),
        class_names=tuple(str(digit) for digit in range(10)),
        licence=_LICENCE,
        source="scikit-learn (UCI Optical Recognition of Handwritten Digits, test set)",
        scaling="divided by 16",
    )
