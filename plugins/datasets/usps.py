"""USPS: digits from envelopes, 16 x 16 pixels (Hull, 1994), in the LIBSVM collection's form."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from harness import DataError, Dataset, dataset
from harness.data import RemoteFile, Source, describe, obtain

_LICENCE = "unknown"
_MIRROR = "https://github.com/Lallapallooza/cycle_adv_ot/raw/8842cfb7ec5b4ec119f2f589f6501095e472b044"
SOURCE = Source(
    "usps",
    files=(
        RemoteFile("usps.bz2", "sha256:3771e9dd6ba685185f89867b6e249233dd74652389f263963b3b741e994b034f"),
        RemoteFile("usps.t.bz2", "sha256:a9c0164e797d60142a50604917f0baa604f326e9a689698763793fa5d12ffc4e"),
    ),
    urls=("https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass/", f"{_MIRROR}/data/"),
)


@dataset(
    describe(SOURCE, n_samples=9298, n_features=256, n_classes=10, licence=_LICENCE, image_shape=(16, 16, 1))
)
def usps() -> Dataset:
    """Return 7,291 train and 2,007 test images, values from -1 to 1 as in the files."""
    folder = obtain(SOURCE)
    return parse(folder / "usps.bz2", folder / "usps.t.bz2")


_REASON = "the collection that the files come from states no terms of use"
usps.conformance_skips = {"licence": _REASON}  # type: ignore[attr-defined]


def parse(train: Path, test: Path) -> Dataset:
    """Read the two LIBSVM files: labels 1 to 10, which are the digits 0 to 9, and 256 values in [-1, 1].

    Raises
    ------
    DataError
        If a file is damaged, or a label or value is out of range.
    """
    parts = [_part(train), _part(test)]
    return Dataset(
        "usps",
        np.concatenate([samples for samples, _ in parts]),
        truth=np.concatenate([truth for _, truth in parts]),
        image_shape=(16, 16, 1),
        n_train=len(parts[0][0]),
        class_names=tuple("0123456789"),
        licence=_LICENCE,
        source=str(train.parent),
    )


def _part(path: Path) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.datasets import load_svmlight_file

    try:
        matrix, labels = load_svmlight_file(str(path), n_features=256, dtype=np.float32, zero_based=False)
    except (ValueError, OSError, EOFError) as error:
        raise DataError(f"{path}: not a readable LIBSVM file with 256 values per row: {error}.") from error
    values = matrix.toarray()
    if not len(values) or not (np.abs(values) <= 1).all():
        raise DataError(
            f"{path}: values must be in [-1, 1], and there must be at least one row, got {len(values)} rows."
        )
    if not np.isin(labels, np.arange(1, 11)).all():
        raise DataError(f"{path}: labels must be 1 to 10, got {labels.min():g} to {labels.max():g}.")
    return values, labels.astype(np.int64) - 1
