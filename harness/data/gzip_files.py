"""Files that may be compressed by gzip: told by their first bytes, whatever their name."""

from __future__ import annotations

import gzip
from io import BufferedIOBase
from pathlib import Path


def is_gzip(path: Path) -> bool:
    """Tell whether a file is compressed by gzip."""
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def open_unpacked(path: Path) -> BufferedIOBase:
    """Open a file to read its bytes, unpacked if it is compressed by gzip.

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
