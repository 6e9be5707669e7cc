"""Image folders: one folder per class, train and test folders of them, or images without labels."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..core.errors import DataError
from ..core.library_calls import library_call
from .to_dataset import Raw, join

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm", ".pbm")


def read_folder(root: Path, *, labelled: bool = True) -> Raw:
    """Read ``root/<class>/*.png``, ``root/train/<class>/`` with ``root/test/<class>/``, or ``root/*.png``.

    Grayscale stays 1 channel and RGB 3; palette, RGBA and other colour images become RGB. Files are taken in
    the order of their names, and files that are not images by their suffix are left out.

    Raises
    ------
    DataError
        When there are no images, one cannot be read, or two differ in size or mode.
    """
    folders = {folder.name: folder for folder in _folders(root)}
    if {"train", "test"} <= folders.keys():
        names = sorted({child.name for part in ("train", "test") for child in _folders(folders[part])})
        train, test = (_part(folders[part], names, labelled) for part in ("train", "test"))
        return join(train, test, where=str(root))
    return _part(root, sorted(folders), labelled)


def _part(root: Path, names: list[str], labelled: bool) -> Raw:
    loose, folders = _images(root), _folders(root)
    if loose and folders:
        raise DataError(
            f"{root}: images must lie either all beside each other or all in one folder per class, got "
            f"{loose[0].name} beside the folder {folders[0].name}."
        )
    files = loose or [file for folder in folders for file in _images(folder)]
    if not files:
        raise DataError(
            f"{root}: nothing to read, expected IDX or parquet files, or images ({', '.join(SUFFIXES)}) "
            "as <class>/<image> or <image>."
        )
    empty = next((folder for folder in folders if not _images(folder)), None)
    if empty is not None:
        raise DataError(f"{empty}: no images found in this class folder. Add images or remove it.")
    samples = stack((str(file), file) for file in files)
    if loose or not labelled:
        return Raw(samples)
    return Raw(samples, np.array([names.index(file.parent.name) for file in files]), class_names=names)


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.iterdir() if path.is_dir() and not path.name.startswith((".", "__")))


def _images(folder: Path) -> list[Path]:
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def stack(images: Iterable[tuple[str, Path | bytes]]) -> NDArray[Any]:
    """Decode named images of one size and mode into an array of shape (n, height, width[, 3]).

    Raises
    ------
    DataError
        When an image cannot be read, naming it, or differs from the first, naming both.

    Examples
    --------
    >>> buffer = BytesIO()
    >>> Image.new("L", (3, 2), 7).save(buffer, "png")
    >>> stack([("one", buffer.getvalue())]).shape
    (1, 2, 3)
    """
    arrays: list[NDArray[Any]] = []
    first = ""
    for name, image in images:
        array = _decode(name, image)
        if not arrays:
            first = name
        elif array.shape != arrays[0].shape or array.dtype != arrays[0].dtype:
            raise DataError(
                f"{name}: images must have one size and mode, got {_kind(array)}, but {first} is "
                f"{_kind(arrays[0])}. Resize or convert them."
            )
        arrays.append(array)
    return np.stack(arrays) if arrays else np.empty((0, 0, 0), dtype=np.uint8)


def _decode(name: str, image: Path | bytes) -> NDArray[Any]:
    with (
        library_call(
            lambda reason: DataError(f"{name}: not a readable image: {reason}. Replace or remove it.")
        ),
        warnings.catch_warnings(),
    ):
        # Image.MAX_IMAGE_PIXELS (89 million) is a limit, by the header: more would take up to a gigabyte.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(image if isinstance(image, Path) else BytesIO(image)) as opened:
            if opened.mode in ("1", "L", "LA"):
                return np.asarray(opened.convert("L"))
            if opened.mode in ("I", "F") or opened.mode.startswith("I;16"):
                return np.asarray(opened)
            return np.asarray(opened.convert("RGB"))


def _kind(array: NDArray[Any]) -> str:
    mode = "RGB" if array.ndim == 3 else "grayscale"
    return f"{array.shape[0]}x{array.shape[1]} {mode} {array.dtype}"
