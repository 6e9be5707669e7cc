"""NumPy files: `.npz` with the keys of Keras or of scikit-learn, and `.npy`; pickles are never loaded."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import DataError
from .npy_arrays import ZippedArrays, read_array
from .raw import Raw, join

_SAMPLES = ("x", "data")
_LABELS = ("y", "labels", "target")


def read_npy(path: Path) -> Raw:
    """Read samples, without labels, of shape (n, d), (n, height, width) or (n, height, width, channels)."""
    with path.open("rb") as file:
        return Raw(read_array(file, path.stat().st_size, str(path)))


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
    >>> import numpy as np
    >>> file = Path(tempfile.mkdtemp(), "toy.npz")
    >>> np.savez(file, X=np.eye(3), y=np.arange(3))
    >>> read_npz(file).samples.shape
    (3, 3)
    """
    with ZippedArrays(path) as arrays:
        return _select(arrays, label, path)


def _select(arrays: ZippedArrays, label: str | int | None, path: Path) -> Raw:
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
    return Raw(arrays[key], None if label is None else arrays[str(label)])


def _part(arrays: ZippedArrays, keys: dict[str, str], part: str, label: str | int | None, path: Path) -> Raw:
    if label not in ("auto", None):
        raise DataError(f"{path}: labels of a train/test file are y_train and y_test, got label={label!r}.")
    x, y = keys.get(f"x_{part}"), keys.get(f"y_{part}")
    if x is None:
        raise _missing(path, arrays.files)
    return Raw(arrays[x], None if y is None or label is None else arrays[y])


def _missing(path: Path, found: list[str]) -> DataError:
    return DataError(
        f"{path}: expected arrays x_train, y_train, x_test, y_test, or X (x, data) with y (labels, target) "
        f"if there, got {_shown(found)}. Rename them with np.savez."
    )


def _shown(keys: list[str]) -> str:
    return ", ".join(sorted(keys)) or "none"
