"""Arrays in IDX files, the format of MNIST: a magic number, the sizes, then the values, all big-endian."""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from ..core.mapped_rows import is_large
from .gzip_files import MOST_DEFLATED, first_bytes, is_gzip

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_array(path: Path) -> NDArray[Any]:
    """Return the array in an IDX file, compressed with gzip or not; a large one that is not is mapped.

    Raises
    ------
    DataError
        If the magic number, the length or the compression is wrong.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "labels.idx1")
    >>> _ = file.write_bytes(bytes([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]))
    >>> read_array(file)
    array([7, 9], dtype=uint8)
    """
    head = first_bytes(path, 20)
    if not head:
        raise DataError(f"{path}: the file is empty. Expected an IDX file.")
    code, n_dims = (head[2], head[3]) if len(head) >= 4 else (0, 0)
    if head[:2] != b"\0\0" or code not in _TYPES or not 1 <= n_dims <= 4:
        raise DataError(
            f"{path}: wrong magic number: expected bytes 00 00, a type of 08 to 0e, and 1 to 4 dimensions "
            f"(00 00 08 03 for images), got {head[:4].hex(' ')}. Is it an IDX file?"
        )
    start = 4 + 4 * n_dims
    if len(head) < start:
        raise DataError(f"{path}: truncated: expected a header of {start} bytes, got {len(head)} bytes.")
    shape = struct.unpack(f">{n_dims}I", head[4:start])
    if 0 in shape:
        raise DataError(f"{path}: no samples: the header has shape {shape}.")
    dtype = np.dtype(_TYPES[code])
    expected = start + math.prod(shape) * dtype.itemsize
    if is_large(shape) and path.stat().st_size == expected and not is_gzip(path):
        return np.memmap(path, dtype, "r", start, shape)
    data = _content(path, expected, shape)
    return np.frombuffer(data, dtype, offset=start).reshape(shape)


def _content(path: Path, expected: int, shape: tuple[int, ...]) -> bytes:
    """Read content of this length; an impossible header allocates no memory."""
    packed, size = is_gzip(path), path.stat().st_size
    if packed and expected <= size * MOST_DEFLATED:
        data = first_bytes(path, expected + 1)  # one more, so that the checksum is compared
        got, more = len(data), " or more" if len(data) > expected else ""
    else:
        got, more = (size * MOST_DEFLATED, " at most") if packed else (size, "")
        data = path.read_bytes() if got == expected else b""
    if got != expected:
        problem = "truncated" if got < expected else "trailing bytes"
        raise DataError(
            f"{path}: {problem}: expected {expected} bytes for shape {shape}, got {got} bytes{more}. "
            "Get the file again."
        )
    return data
