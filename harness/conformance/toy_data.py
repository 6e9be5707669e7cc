"""Samples to check plugins on, and validation of results."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .check import Failed
from .subject import K

IMAGE = (8, 8, 1)


def ordinary(n: int = 90, seed: int = 0) -> NDArray[np.float32]:
    """Return samples in three clear clusters, of 64 features in [0, 1]: images of 8 x 8 pixels.

    Examples
    --------
    >>> ordinary().shape, ordinary().dtype.name
    ((90, 64), 'float32')
    """
    centres = np.random.default_rng(0).random((K, 64))
    noise = np.random.default_rng(seed).random((n, 64))
    return (0.8 * centres[np.arange(n) % K] + 0.2 * noise).astype(np.float32)


def unclear() -> NDArray[np.float32]:
    """Return samples without clusters, so that many partitions are equally good."""
    return np.random.default_rng(0).random((60, 64)).astype(np.float32)


def readonly(X: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the same samples in a read-only array, as from the store."""
    X.flags.writeable = False
    return X


def sound_embedding(array: Any, n: int) -> NDArray[Any]:
    """Return an embedding; fail unless it is a finite numeric array of shape (n, k)."""
    found = np.asarray(array)
    if found.ndim != 2 or len(found) != n or not found.shape[1]:
        raise Failed(
            f"the embedding of {n} samples has shape {found.shape}, not ({n}, k).",
            "Return a dense 2-D array with one row per sample.",
        )
    if found.dtype.kind not in "fiub":
        raise Failed(f"the embedding has dtype {found.dtype}.", "Return numbers, preferably float32.")
    if not np.isfinite(found).all():
        raise Failed(
            f"the embedding holds {np.count_nonzero(~np.isfinite(found))} values that are nan or infinite.",
            "Guard divisions and logarithms, or raise harness.NotApplicable if there is no embedding.",
        )
    return found


def sound_labels(labels: Any, n: int) -> NDArray[Any]:
    """Return labels; fail unless they are integers from -1, one per sample."""
    found = np.asarray(labels)
    if found.shape != (n,):
        raise Failed(f"the labels of {n} samples have shape {found.shape}.", "Return one label per sample.")
    if found.dtype.kind not in "iu":
        raise Failed(f"the labels have dtype {found.dtype}.", "Return integers, e.g. labels.astype(int).")
    if found.min() < -1:
        raise Failed(f"there is a label {found.min()}.", "Number clusters from 0, and use -1 only for noise.")
    return found


def alike(first: NDArray[Any], second: NDArray[Any]) -> bool:
    """Return whether labels are equal, or embeddings up to the last digits of single precision."""
    if first.shape != second.shape:
        return False
    if first.dtype.kind in "iu":
        return np.array_equal(first, second)
    scale = float(np.abs(first).max())
    return bool(np.allclose(first, second, rtol=0, atol=1e-4 * max(scale, 1e-12)))


def difference(first: NDArray[Any], second: NDArray[Any]) -> str:
    """Describe the difference of two results."""
    if first.shape != second.shape:
        return f"in shape: {first.shape} and {second.shape}"
    if first.dtype.kind in "iu":
        return f"in {np.count_nonzero(first != second)} of {len(first)} labels"
    return f"by up to {np.abs(first - second).max():.3g}"
