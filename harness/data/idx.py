"""IDX files, the format of MNIST: a magic number, the sizes, then the values, all big-endian."""

from __future__ import annotations

import math
import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.errors import DataError
from .gzip_files import MOST_DEFLATED, first_bytes, is_gzip
from .to_dataset import Raw, join

_TYPES = {0x08: ">u1", 0x09: ">i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_NAME = re.compile(r"(^|[-.])idx\d?([-.]|$)")


def named_as_idx(path: Path) -> bool:
    """Return whether a file is named as IDX files are.

    Examples
    --------
    >>> [named_as_idx(Path(name)) for name in ("train-images-idx3-ubyte.gz", "images.idx3", "idx.csv")]
    [True, True, False]
    """
    return bool(_NAME.search(path.name)) and not path.name.endswith(".csv")


def read_array(path: Path) -> NDArray[Any]:
    """Return the array in an IDX file, compressed by gzip or not.

    Raises
    ------
    DataError
        When the magic number, the length or the compression is wrong.

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
        raise DataError(f"{path}: the file is empty, an IDX file was expected.")
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
        raise DataError(f"{path}: there are no samples, the header has shape {shape}.")
    dtype = np.dtype(_TYPES[code])
    data = _content(path, start + math.prod(shape) * dtype.itemsize, shape)
    return np.frombuffer(data, dtype, offset=start).reshape(shape)


def _content(path: Path, expected: int, shape: tuple[int, ...]) -> bytes:
    """Return a file of this length; a header that claims what cannot be in it takes no memory."""
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


def read_file(path: Path, *, labelled: bool = True) -> Raw:
    """Read a file of images, and its labels where a file beside it is named for them."""
    beside = None
    if labelled and "images" in path.name:
        plain = re.sub(r"idx\d", "idx1", path.name.replace("images", "labels")).removesuffix(".gz")
        beside = _first(path.parent, [f"{plain}.gz", plain])
    return _pair(path, beside)


def read_folder(folder: Path, *, labelled: bool = True) -> Raw:
    """Read a folder of MNIST's four files; with train and t10k there is an official split."""
    parts = {}
    for part in ("train", "t10k"):
        images = _first(folder, _names(part, "images", 3))
        if images is not None:
            labels = _first(folder, _names(part, "labels", 1)) if labelled else None
            parts[part] = _pair(images, labels)
    if not parts:
        raise DataError(
            f"{folder}: no IDX images found, expected train-images-idx3-ubyte and t10k-images-idx3-ubyte "
            "(.gz or not). Give the path of one file instead."
        )
    if len(parts) == 1:
        return next(iter(parts.values()))
    return join(parts["train"], parts["t10k"], where=str(folder))


def _names(part: str, kind: str, n_dims: int) -> list[str]:
    return [f"{part}-{kind}{sign}idx{n_dims}-ubyte{end}" for sign in "-." for end in (".gz", "")]


def _first(folder: Path, names: list[str]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _pair(images: Path, labels: Path | None) -> Raw:
    samples = read_array(images)
    if samples.ndim < 2:
        raise DataError(
            f"{images}: expected images (magic number 00 00 08 03), got 1 dimension as in a file of labels. "
            "Give the file of images."
        )
    if labels is None:
        return Raw(samples)
    truth = read_array(labels)
    if truth.ndim != 1:
        raise DataError(f"{labels}: expected labels (magic number 00 00 08 01), got {truth.ndim} dimensions.")
    if len(truth) != len(samples):
        raise DataError(
            f"{labels}: expected {len(samples)} labels, as {images.name} has images, got {len(truth)}."
        )
    return Raw(samples, truth)
