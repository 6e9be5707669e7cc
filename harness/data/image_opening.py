"""Opening images with Pillow: few formats, nothing printed, a limit on pixels."""

from __future__ import annotations

import logging
import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFile

from ..core.errors import DataError
from ..core.library_calls import library_call

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".gif", ".tif", ".tiff", ".webp"),
    *(".pgm", ".ppm", ".pbm", ".pnm"),
)
_FORMATS = (
    "PNG",
    "JPEG",
    "BMP",
    "GIF",
    "TIFF",
    "WEBP",
    "PPM",
)  # no others, such as EPS; JPEG includes MPO
_PAGED = ("TIFF", "GIF", "WEBP", "PNG")  # not MPO: its other pictures are previews, or for the other eye

logging.getLogger("PIL").addHandler(logging.NullHandler())  # otherwise it also prints what it raises
_NO_OBJECT = re.compile(r" <_io\.BytesIO object at \w+>")  # that Pillow names instead of the file


@contextmanager
def open_image(name: str, image: Path | bytes) -> Iterator[Image.Image]:
    """Open an image; any error of Pillow while reading becomes one that names the image.

    Examples
    --------
    >>> with open_image("a.png", b"junk"):  # doctest: +ELLIPSIS
    ...     pass
    Traceback (most recent call last):
    harness.core.errors.DataError: a.png: not a readable image: cannot identify image file. Replace ...
    """
    refusal = "{}: not a readable image: {}. Replace or remove it."
    with (
        library_call(lambda reason: DataError(refusal.format(name, _NO_OBJECT.sub("", reason)))),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")  # on damaged metadata
        # Image.MAX_IMAGE_PIXELS (89 million) is a limit, by the header: more would take up to a gigabyte.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        # As bytes: Pillow 13 maps a plain TIFF file into memory, and mixes up the pixels if it is turned.
        content = image.read_bytes() if isinstance(image, Path) else image
        opened = Image.open(BytesIO(content), formats=_FORMATS)
        with opened, _silent() if opened.format == "TIFF" else nullcontext():
            yield opened


@contextmanager
def _silent() -> Iterator[None]:
    """Keep libtiff from printing: it writes past Python, to file descriptor 2."""
    try:
        kept = os.dup(2)
    except OSError:  # closed
        yield
        return
    try:
        with Path(os.devnull).open("w") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def n_pages_of(opened: Image.Image) -> int:
    """Return the number of pages of an image; together they must be within the limit for one image."""
    n_pages: int = getattr(opened, "n_frames", 1) if opened.format in _PAGED else 1
    pixels, most = n_pages * opened.width * opened.height, Image.MAX_IMAGE_PIXELS or 0
    if n_pages > 1 and 0 < most < pixels:
        raise ValueError(f"{n_pages:,} pages with {pixels:,} pixels in total, more than {most:,}")
    return n_pages


def is_deep_colour(opened: Image.Image) -> bool:
    """Return whether colours have 16 bits: Pillow keeps the upper 8."""
    tiles = opened.tile if isinstance(opened, ImageFile.ImageFile) else []
    return opened.mode in ("LA", "RGB", "RGBA") and any(";16" in str(tile[3]) for tile in tiles)
