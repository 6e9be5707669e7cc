"""Files that may be compressed with gzip, detected by their first bytes."""

from __future__ import annotations

import gzip
from io import BufferedIOBase
from pathlib import Path

from ..core.errors import DataError
from ..core.library_calls import library_call

MOST_DEFLATED = 1032  # bytes that one byte of deflate can stand for, in gzip files and in zip files


def is_gzip(path: Path) -> bool:
    """Return whether a file is compressed with gzip."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_unpacked(path: Path) -> BufferedIOBase:
    """Open a file to read its bytes, decompressed if it is compressed with gzip.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.csv.gz")
    >>> _ = file.write_bytes(gzip.compress(b"a,b"))
    >>> with open_unpacked(file) as content:
    ...     content.read()
    b'a,b'
    """
    return gzip.open(path) if is_gzip(path) else path.open("rb")


def first_bytes(path: Path, n_bytes: int) -> bytes:
    """Return the first bytes of a file, decompressed; if that is all, gzip's checksum is checked too.

    Raises
    ------
    DataError
        If the compressed data are damaged.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp(), "toy.csv.gz")
    >>> _ = file.write_bytes(gzip.compress(b"a,b"))
    >>> first_bytes(file, 2)
    b'a,'
    """
    with (
        library_call(lambda reason: DataError(f"{path}: corrupt gzip data: {reason}. Get the file again.")),
        open_unpacked(path) as file,
    ):
        return file.read(n_bytes)
