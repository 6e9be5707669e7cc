"""Labels as a `.npz` file: written the same everywhere, and read without trusting a byte of it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from ..core.errors import HarnessError, cut
from ..core.interfaces import Labels
from ..core.library_calls import library_call

TRUTH = "truth"
NAME = re.compile(r"(?:[0-9a-f]{64}|truth)\.npy")
EPOCH = (1980, 1, 1, 0, 0, 0)  # every file of a zip has a date
MOST_ROWS = 2**23  # labels of one array that are read
MOST_BYTES = 2**29  # that are unpacked of one file
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)
HEAD = 4096  # most bytes that the header of a .npy file takes


class Unreadable(HarnessError):
    """A file is not what it has to be."""


def write_npz(path: Path | io.BytesIO, members: Mapping[str, bytes]) -> None:
    """Write ``.npy`` files into one; the same files give the same bytes, on any machine.

    They are packed by bzip2, as its output has been the same for twenty years: that of zlib's forks is not.
    """
    with zipfile.ZipFile(path, "w") as file:
        for name in sorted(members):
            info = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            file.writestr(info, members[name], zipfile.ZIP_BZIP2, 9)


def read_npz(path: Path, rows: int, most: int) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Yield each array's file by its name, or what is wrong with it.

    Parameters
    ----------
    path : Path
    rows : int
        How many labels each array may have.
    most : int
        How many arrays there may be.

    Raises
    ------
    Unreadable
        When it is no zip file, or holds too much.
    """
    limit = HEAD + 8 * min(rows, MOST_ROWS)
    if path.stat().st_size > (most + 1) * (limit + HEAD):
        raise Unreadable(f"is too large for {most:,} arrays of {rows:,} labels")
    with library_call(lambda reason: Unreadable(f"is no whole .npz file: {shown(reason)}")):
        file = zipfile.ZipFile(path)
    seen: set[str] = set()
    unpacked = 0
    with file:
        for info in file.infolist():
            name = info.filename.removesuffix(".npy")
            if not NAME.fullmatch(info.filename):
                yield name, Unreadable(f"a file in it is named {shown(info.filename)}")
            elif name in seen:
                yield name, Unreadable(f"{info.filename} is in it twice")
            elif len(seen) >= most:
                raise Unreadable(f"holds more than the {most:,} files that are needed")
            elif info.compress_type not in METHODS:
                yield name, Unreadable(f"{info.filename} is packed by another method than bzip2")
            elif unpacked > MOST_BYTES:
                raise Unreadable(f"holds more than {MOST_BYTES:,} bytes")
            else:
                content = _content(file, info, limit)
                unpacked += len(content) if isinstance(content, bytes) else limit
                yield name, content
            seen.add(name)


def _content(file: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | Unreadable:
    """Unpack one file, as far as it may be long: what it says of its own length proves nothing."""
    damage = library_call(lambda reason: Unreadable(f"{info.filename} cannot be unpacked: {shown(reason)}"))
    try:
        with damage, file.open(info) as member:
            content = member.read(limit + 1)
    except Unreadable as error:
        return error
    if len(content) > limit:
        return Unreadable(f"{info.filename} is longer than {limit:,} bytes")
    return content


def read_npy(content: bytes, rows: int) -> Labels:
    """Read labels from a ``.npy`` file; nothing but int64 in one dimension is taken, so no pickle is.

    Raises
    ------
    Unreadable
        When it holds something else, or of another length.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> np.save(buffer, np.array([0, 1, 1]))
    >>> read_npy(buffer.getvalue(), 3).tolist()
    [0, 1, 1]
    """
    buffer = io.BytesIO(content)
    with library_call(lambda reason: Unreadable(f"is no .npy file: {shown(reason)}")):
        if np.lib.format.read_magic(buffer) != (1, 0):
            raise ValueError("not version 1.0")
        shape, _, dtype = np.lib.format.read_array_header_1_0(buffer, max_header_size=HEAD)
    if dtype != np.dtype("<i8"):
        raise Unreadable(f"holds {shown(str(dtype))}, not int64")
    data = content[buffer.tell() :]
    if shape != (rows,) or len(data) != 8 * rows:
        raise Unreadable(f"has shape {shown(str(shape))} and {len(data):,} bytes, not ({rows},)")
    return np.frombuffer(data, dtype="<i8").astype(np.int64, copy=False)


def shown(text: str, most: int = 120) -> str:
    """Return a text that comes from elsewhere so that it cannot do harm where it is printed.

    Examples
    --------
    >>> shown("a" + chr(27) + "[31m")
    "'a\\\\x1b[31m'"
    """
    return ascii(cut(text, most, "..."))
