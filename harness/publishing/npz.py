"""Labels as a `.npz` file: written reproducibly, and read without trust."""

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
EPOCH = (1980, 1, 1, 0, 0, 0)  # every file in a zip has a date
MOST_ROWS = 2**23  # maximum number of labels per array
MOST_BYTES = 2**29  # maximum size of one unpacked file
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2)
HEAD = 4096  # maximum size of the header of a .npy file


class Unreadable(HarnessError):
    """A file is invalid."""


def write_npz(path: Path | io.BytesIO, members: Mapping[str, bytes]) -> None:
    """Pack ``.npy`` files into one; the same files give the same bytes on any machine.

    They are compressed with bzip2, whose output has not changed for twenty years, unlike that of zlib's
    forks.
    """
    with zipfile.ZipFile(path, "w") as file:
        for name in sorted(members):
            info = zipfile.ZipInfo(f"{name}.npy", EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            file.writestr(info, members[name], zipfile.ZIP_BZIP2, 9)


def read_npz(path: Path, rows: int, most: int) -> Iterator[tuple[str, bytes | Unreadable]]:
    """Yield each array's file by name, or its error.

    Parameters
    ----------
    path : Path
    rows : int
        Maximum number of labels per array.
    most : int
        Maximum number of arrays.

    Raises
    ------
    Unreadable
        If it is not a zip file, or is too large.
    """
    limit = HEAD + 8 * min(rows, MOST_ROWS)
    if path.stat().st_size > (most + 1) * (limit + HEAD):
        raise Unreadable(f"is too large for {most:,} arrays of {rows:,} labels")
    with library_call(lambda reason: Unreadable(f"is not a complete .npz file: {shown(reason)}")):
        file = zipfile.ZipFile(path)
    seen: set[str] = set()
    unpacked = 0
    with file:
        for info in file.infolist():
            name = info.filename.removesuffix(".npy")
            if not NAME.fullmatch(info.filename):
                yield name, Unreadable(f"a file in it is named {shown(info.filename)}")
            elif name in seen:
                yield name, Unreadable(f"contains {info.filename} twice")
            elif len(seen) >= most:
                raise Unreadable(f"contains more than the {most:,} files needed")
            elif info.compress_type not in METHODS:
                yield name, Unreadable(f"{info.filename} is not compressed with bzip2")
            elif unpacked > MOST_BYTES:
                raise Unreadable(f"contains more than {MOST_BYTES:,} bytes")
            else:
                content = _content(file, info, limit)
                unpacked += len(content) if isinstance(content, bytes) else limit
                yield name, content
            seen.add(name)


def _content(file: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes | Unreadable:
    """Unpack one file up to a limit, since its declared length cannot be trusted."""
    damage = library_call(lambda reason: Unreadable(f"cannot unpack {info.filename}: {shown(reason)}"))
    try:
        with damage, file.open(info) as member:
            content = member.read(limit + 1)
    except Unreadable as error:
        return error
    if len(content) > limit:
        return Unreadable(f"{info.filename} is longer than {limit:,} bytes")
    return content


def read_npy(content: bytes, rows: int) -> Labels:
    """Read labels from a ``.npy`` file; only 1-D int64 is accepted, so never a pickle.

    Raises
    ------
    Unreadable
        If it contains anything else, or has another length.

    Examples
    --------
    >>> buffer = io.BytesIO()
    >>> np.save(buffer, np.array([0, 1, 1]))
    >>> read_npy(buffer.getvalue(), 3).tolist()
    [0, 1, 1]
    """
    buffer = io.BytesIO(content)
    with library_call(lambda reason: Unreadable(f"is not a .npy file: {shown(reason)}")):
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
    """Escape an untrusted text for printing.

    Examples
    --------
    >>> shown("a" + chr(27) + "[31m")
    "'a\\\\x1b[31m'"
    """
    return ascii(cut(text, most, "..."))
