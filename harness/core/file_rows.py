"""Where rows of samples lie in a file, so that another process can read some of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .mapped_rows import MappedRows, mapping


@dataclass(frozen=True)
class FileRows:
    """Consecutive rows of a file: a small value that can be sent instead of the samples.

    Parameters
    ----------
    path : str
        The file, as an absolute path.
    offset : int
        Bytes before the first row.
    stored : str
        The dtype in the file.
    shape : tuple (n, d)
    dtype : str
        The floating dtype that rows are converted to.
    divisor : int
        What the numbers are divided by: 255 for byte images, else 1.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     np.save(f"{folder}/rows.npy", np.arange(8, dtype=np.float32).reshape(4, 2))
    ...     rows = FileRows.of(np.load(f"{folder}/rows.npy", mmap_mode="r")[1:])
    ...     rows.shape, rows.read(1, 3).tolist()
    ((3, 2), [[4.0, 5.0], [6.0, 7.0]])
    >>> FileRows.of(np.eye(2)) is None
    True
    """

    path: str
    offset: int
    stored: str
    shape: tuple[int, int]
    dtype: str
    divisor: int = 1

    @classmethod
    def of(cls, X: Any) -> FileRows | None:
        """Return where samples of shape (n, d) lie, or None if they are not rows of a named file in order."""
        raw = X.raw if isinstance(X, MappedRows) else X
        whole = mapping(X)
        while whole is not None and isinstance(whole.base, np.memmap):
            whole = whole.base  # a part has the offset of the whole
        if whole is None or whole.filename is None or not raw.flags.c_contiguous:
            return None
        skipped = raw.__array_interface__["data"][0] - whole.__array_interface__["data"][0]
        shape, divisor = (len(X), int(X.shape[1])), getattr(X, "divisor", 1)
        path = str(Path(whole.filename).resolve())
        return cls(path, whole.offset + skipped, raw.dtype.str, shape, X.dtype.str, divisor)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Read rows from `start` to before `stop` as floats."""
        stored, width = np.dtype(self.stored), self.shape[1]
        place = self.offset + start * width * stored.itemsize
        raw = np.fromfile(self.path, stored, (stop - start) * width, offset=place).reshape(-1, width)
        return np.asarray(MappedRows(raw, self.dtype, self.divisor))
