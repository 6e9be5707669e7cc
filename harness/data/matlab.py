"""MATLAB files up to version 7, with the usual names of arrays."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.io import loadmat

from ..core.errors import DataError
from ..core.library_calls import library_call
from .array_roles import LABELS, Arrays, assemble, split_name
from .content import Content
from .raw import Raw
from .table_options import TableOptions


def read_mat(content: Content, options: TableOptions | None = None, *, samples: str | None = None) -> Raw:
    """Read arrays by the usual names, see `harness.data.array_roles`; sparse matrices are made dense.

    Raises
    ------
    DataError
        If the file is damaged or of version 7.3, or no array has a usual name.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from scipy.io import savemat
    >>> file = Path(tempfile.mkdtemp(), "toy.mat")
    >>> savemat(file, {"fea": np.eye(3), "gnd": [1, 2, 2]})
    >>> read_mat(Content(file)).labels.tolist()
    [1, 2, 2]
    """
    where = str(content.path)
    if b"MATLAB 7.3" in content.head(32) or content.head(8) == b"\x89HDF\r\n\x1a\n":
        raise DataError(
            f"{where}: cannot read MATLAB files of version 7.3 (HDF5). In MATLAB, save with "
            "save('name.mat', '-v7'); in Python, read with h5py and save with np.savez."
        )
    refusal = f"{where}: not a readable MATLAB file: "
    with library_call(lambda reason: DataError(f"{refusal}{reason}. Get it again.")):
        variables = loadmat(content.path)  # such a file holds no pickle
    arrays = {name: _words(value) for name, value in variables.items() if not name.startswith("__")}
    turned = [name for name in arrays if _lies_along_the_last_axis(name, arrays)]
    arrays |= {name: np.moveaxis(arrays[name], -1, 0) for name in turned}
    raw = assemble(
        Arrays(list(arrays), arrays.__getitem__, where),
        label=options.label if options else "auto",
        samples=samples,
    )
    notes = tuple(
        f"{name!r}: samples are along the last axis, which has the length of the labels" for name in turned
    )
    return replace(raw, notes=(*raw.notes, *notes))


def _words(value: Any) -> Any:
    """Return a column of one-word cells as an array of words; other values unchanged."""
    if isinstance(value, np.ndarray) and value.dtype == object:
        cells = value.ravel()
        if all(isinstance(cell, np.ndarray) and cell.dtype.kind == "U" and cell.size == 1 for cell in cells):
            return np.array([str(cell.item()) for cell in cells])
    if isinstance(value, np.ndarray) and value.dtype.kind == "U":
        return np.char.rstrip(value)
    return value


def _lies_along_the_last_axis(name: str, arrays: dict[str, Any]) -> bool:
    """Return whether the labels of a part match the last side of an array, not the first."""
    own = split_name(name)
    if own.stem in LABELS or getattr(arrays[name], "ndim", 0) < 2:
        return False
    sizes = {
        max(arrays[other.full].shape, default=0)
        for other in map(split_name, arrays)
        if other.stem in LABELS and other.part == own.part
    }
    sides = arrays[name].shape
    return sides[0] not in sizes and sides[-1] in sizes
