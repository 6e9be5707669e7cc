"""Arrays in `.npy` format, in files and zip files, with their headers verified."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError, one_line
from ..core.library_calls import library_call
from ..core.mapped_rows import is_large
from .gzip_files import MOST_DEFLATED

_RATIOS = {zipfile.ZIP_STORED: 1, zipfile.ZIP_DEFLATED: MOST_DEFLATED}  # no bound is known for other methods


def read_array(file: IO[bytes], size: int, where: str, path: Path | None = None) -> NDArray[Any]:
    """Read a `.npy` file of a known size; its header must claim the bytes that are there.

    It is checked before memory is allocated. A header that claims fewer bytes would silently leave rows out,
    and the checksum of a zip would not be checked. With `path`, where the file lies unpacked, rows that would
    be large as floats are mapped rather than read.

    Raises
    ------
    DataError
        If it is damaged, or holds Python objects.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO()
    >>> np.save(file, np.arange(3))
    >>> size = file.tell()
    >>> _ = file.seek(0)
    >>> read_array(file, size, "toy.npy")
    array([0, 1, 2])
    """
    with _damage(where):
        version = np.lib.format.read_magic(file)  # 3.0 is 2.0 with field names in UTF-8
        first, second = np.lib.format.read_array_header_1_0, np.lib.format.read_array_header_2_0
        shape, by_columns, dtype = (first if version == (1, 0) else second)(file)
    if dtype.hasobject:
        raise DataError(f"{where}: contains Python objects, which are never loaded. Save plain numbers.")
    left = size - file.tell()
    if math.prod(shape) * dtype.itemsize != left:
        claim = f"shape {one_line(shape, 80)} of {one_line(dtype, 80)} does not fit {left:,} bytes"
        raise DataError(f"{where}: {_damaged(claim)}")
    if path and len(shape) > 1 and not by_columns and dtype.names is None and is_large(shape):
        return np.memmap(path, dtype, "r", file.tell(), shape)
    with _damage(where):
        file.seek(0)
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


class ZippedArrays:
    """The arrays in a zip file by name, each read on access.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.npz")
    >>> np.savez(file, X=np.eye(2), y=[0, 1])
    >>> with ZippedArrays(file) as arrays:
    ...     arrays.files, arrays["y"].tolist()
    (['X', 'y'], [0, 1])
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _damage(str(path)):
            self._archive = zipfile.ZipFile(path)
        self._members = {info.filename.removesuffix(".npy"): info for info in self._archive.infolist()}

    def __enter__(self) -> ZippedArrays:
        return self

    def __exit__(self, *_: object) -> None:
        self._archive.close()

    @property
    def files(self) -> list[str]:
        """Names of the arrays."""
        return list(self._members)

    def __getitem__(self, key: str) -> NDArray[Any]:
        info, where = self._members[key], f"{self._path}: array {key!r}"
        ratio = _RATIOS.get(info.compress_type)
        if ratio and info.file_size > ratio * min(info.compress_size, self._path.stat().st_size):
            raise DataError(f"{where}: {_damaged(f'{info.file_size} bytes cannot be in the file')}")
        with _damage(where):
            member = self._archive.open(info)
        with member:
            return read_array(member, info.file_size, where)


@contextmanager
def _damage(where: str) -> Iterator[None]:
    with library_call(lambda reason: DataError(f"{where}: {_damaged(reason)}")):
        yield


def _damaged(reason: str) -> str:
    return f"truncated or damaged: {reason}. Save it again with np.save, np.savez or np.savez_compressed."
