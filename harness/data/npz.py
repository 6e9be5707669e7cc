"""NumPy files: `.npz` with the keys of Keras or of scikit-learn, and `.npy`; pickles are never loaded."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from .to_dataset import Raw, join

_BROKEN = (ValueError, OSError, EOFError, KeyError, MemoryError, zlib.error, zipfile.BadZipFile, SyntaxError)
_SAMPLES = ("x", "data")
_LABELS = ("y", "labels", "target")


def read_npy(path: Path) -> Raw:
    """Read samples, without labels, of shape (n, d), (n, height, width) or (n, height, width, channels)."""
    try:
        return Raw(np.load(path, allow_pickle=False))
    except _BROKEN as error:
        raise _unreadable(path, "", error) from error


def read_npz(path: Path, label: str | int | None = "auto") -> Raw:
    """Read ``x_train, y_train, x_test, y_test``, or ``X`` (or ``x``, ``data``) and, if there, ``y``.

    Parameters
    ----------
    label : str or None
        The key of the labels where there is no split; None leaves all labels out.

    Raises
    ------
    DataError
        When keys are missing, or an array cannot be read without pickle.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.npz")
    >>> np.savez(file, X=np.eye(3), y=np.arange(3))
    >>> read_npz(file).samples.shape
    (3, 3)
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return _select(arrays, label, path)
    except _BROKEN as error:
        raise _unreadable(path, "", error) from error


def _select(arrays: Any, label: str | int | None, path: Path) -> Raw:
    keys = {key.lower(): key for key in arrays.files}
    if "x_train" in keys or "x_test" in keys:
        return join(
            _part(arrays, keys, "train", label, path),
            _part(arrays, keys, "test", label, path),
            where=str(path),
        )
    key = next((keys[name] for name in _SAMPLES if name in keys), None)
    if key is None:
        raise _missing(path, arrays.files)
    if label == "auto":
        label = next((keys[name] for name in _LABELS if name in keys), None)
    elif label is not None and label not in arrays.files:
        raise DataError(
            f"{path}: there is no array {label!r} to take labels from, only {_shown(arrays.files)}."
        )
    return Raw(_array(arrays, key, path), None if label is None else _array(arrays, str(label), path))


def _part(arrays: Any, keys: dict[str, str], part: str, label: str | int | None, path: Path) -> Raw:
    if label not in ("auto", None):
        raise DataError(f"{path}: labels of a train/test file are y_train and y_test, got label={label!r}.")
    x, y = keys.get(f"x_{part}"), keys.get(f"y_{part}")
    if x is None:
        raise _missing(path, arrays.files)
    return Raw(_array(arrays, x, path), None if y is None or label is None else _array(arrays, y, path))


def _array(arrays: Any, key: str, path: Path) -> NDArray[Any]:
    try:
        return np.asarray(arrays[key])
    except _BROKEN as error:
        raise _unreadable(path, f"array {key!r}: ", error) from error


def _unreadable(path: Path, what: str, error: Exception) -> DataError:
    if "allow_pickle" in str(error) or "pickled" in str(error):
        reason = "holds Python objects (or is no NumPy file), which are never loaded. Save plain numbers."
    else:
        reason = (
            f"truncated or damaged: {str(error).splitlines()[0] if str(error) else type(error).__name__}."
        )
    return DataError(f"{path}: {what}{reason}")


def _missing(path: Path, found: list[str]) -> DataError:
    return DataError(
        f"{path}: expected arrays x_train, y_train, x_test, y_test, or X (x, data) with y (labels, target) "
        f"if there, got {_shown(found)}. Rename them with np.savez."
    )


def _shown(keys: list[str]) -> str:
    return ", ".join(sorted(keys)) or "none"
