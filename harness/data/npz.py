"""NumPy files: `.npz` with the usual names of arrays, and `.npy`; pickles are never loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.library_calls import library_call
from .array_roles import LABELS, Arrays, assemble
from .content import Content
from .labels import encoding_of
from .npy_arrays import ZippedArrays, read_array
from .raw import Raw
from .sparse import NOTE, dense
from .table_options import TableOptions


def read_npy(content: Content, options: TableOptions | None = None) -> Raw:
    """Read samples, without labels, of shape (n, d), (n, height, width) or (n, height, width, channels).

    A structured array is a table.
    """
    path, options = content.path, options or TableOptions()
    with path.open("rb") as file:
        array = read_array(file, path.stat().st_size, str(path), path)
    if array.dtype.names:
        return _table(array, options, path)
    if options.label not in ("auto", None) or options != TableOptions(options.label):
        raise DataError(f"{path}: an array without named fields has no columns for label= or drop=.")
    return Raw(array, notes=() if options.label is None else _beside(path))


def _table(array: NDArray[Any], options: TableOptions, path: Path) -> Raw:
    import pandas as pd  # imported here, since most arrays do not need it

    from .tables import from_frame

    with library_call(lambda reason: DataError(f"{path}: fields must be single numbers or words: {reason}.")):
        frame = pd.DataFrame.from_records(array.ravel())
    for name in array.dtype.names or ():
        if array.dtype[name].kind == "S":
            words = array[name].ravel()
            frame[name] = np.char.decode(words, encoding_of(words))
    return from_frame(frame, options, where=str(path))


def _beside(path: Path) -> tuple[str, ...]:
    """Return a note on the first file in the folder that is named like its labels."""
    stems = [f"{path.stem}_{name}" for name in LABELS]
    stems += [
        path.stem.replace(x, y) for x, y in (("X", "y"), ("x", "y"), ("images", "labels"), ("data", "labels"))
    ]
    files = (path.with_name(f"{stem}.npy") for stem in [*LABELS, "Y", *stems] if stem != path.stem)
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        return ()
    return (f"{found.name} next to it is not read: save both in one file, np.savez(file, X=..., y=...)",)


def read_npz(content: Content, options: TableOptions | None = None, *, samples: str | None = None) -> Raw:
    """Read arrays by the usual names, see `harness.data.array_roles`, or a matrix of `scipy.sparse.save_npz`.

    Parameters
    ----------
    content : Content
    options : TableOptions, optional
        Its `label` is the name of the array of labels.
    samples : str, optional
        The name of the array of samples.

    Raises
    ------
    DataError
        If names are missing, or an array cannot be read without pickle.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> file = Path(tempfile.mkdtemp(), "toy.npz")
    >>> np.savez(file, X=np.eye(3), y=np.arange(3))
    >>> read_npz(Content(file)).samples.shape
    (3, 3)
    """
    path, label = content.path, options.label if options else "auto"
    with ZippedArrays(path) as arrays:
        if {"format", "shape", "data"} <= set(arrays.files) and samples is None:
            return _sparse(path, label)
        return assemble(Arrays(arrays.files, arrays.__getitem__, str(path)), label=label, samples=samples)


def _sparse(path: Path, label: str | int | None) -> Raw:
    from scipy.sparse import load_npz

    if label not in ("auto", None):
        raise DataError(f"{path}: a file of scipy.sparse.save_npz has no labels, got label={label!r}.")
    refusal = "{}: not a readable matrix of scipy.sparse.save_npz: {}. Save it again."
    with library_call(lambda reason: DataError(refusal.format(path, reason))):
        matrix = load_npz(path)
    return Raw(dense(matrix, str(path)), notes=(NOTE, *_beside(path)))
