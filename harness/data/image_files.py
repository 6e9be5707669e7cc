"""Conversion of image files to one array: pages, transparency, orientation, one size and mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from ..core.counts import counted
from ..core.errors import DataError
from .advice import line
from .image_opening import is_deep_colour, n_pages_of, open_image

_LOOKED_AT = 100  # transparent images that decide the background

Named = Sequence[tuple[str, Path | bytes]]


@dataclass(frozen=True)
class Decoded:
    """Images as one array of shape (n, height, width[, 3]), their number per file, and notes."""

    samples: NDArray[Any]
    counts: list[int]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImageOptions:
    """The target `size`, (height, width), and `mode`, L (grayscale) or RGB."""

    size: tuple[int, int] | None = None
    mode: str | None = None


def stack(images: Named, options: ImageOptions | None = None, *, folder: str = "") -> Decoded:
    """Decode named images of one size and mode into one array; each page of a TIFF or GIF is an image.

    Transparent pixels are laid over one ground: white, or black where what is opaque is light. Images are
    turned as their EXIF orientation says. Bytes stay bytes, and 16-bit and float grayscale keeps its values.

    Raises
    ------
    DataError
        If an image cannot be read, or differs from the first; it names the images.

    Examples
    --------
    >>> from io import BytesIO
    >>> buffer = BytesIO()
    >>> Image.new("L", (3, 2), 7).save(buffer, "png")
    >>> stack([("one", buffer.getvalue())]).samples.shape
    (1, 2, 3)
    """
    pages = _Pages(images, options or ImageOptions())
    arrays: list[NDArray[Any]] = []
    counts, first = [], ""
    for name, image in images:
        found = pages.of(name, image)
        first = first or name
        for array in found:
            if array.shape != (arrays or found)[0].shape or array.dtype != (arrays or found)[0].dtype:
                raise DataError(_differ(name, first, array, (arrays or found)[0], folder))
        arrays += found
        counts.append(len(found))
    samples = np.stack(arrays) if arrays else np.empty((0, 0, 0), dtype=np.uint8)
    return Decoded(samples, counts, tuple(pages.notes()))


class _Pages:
    """The pages of images as arrays, one file after the other, and notes on what was done to them."""

    def __init__(self, images: Named, options: ImageOptions) -> None:
        self._images, self._options = images, options
        self._ground: int | None = None  # chosen when a transparent image turns up
        self._done: Counter[str] = Counter()

    def of(self, name: str, image: Path | bytes) -> list[NDArray[Any]]:
        with open_image(name, image) as opened:
            n_pages = n_pages_of(opened)
            self._done["paged"] += n_pages > 1
            self._done["pages"] += n_pages if n_pages > 1 else 0
            self._done["previews"] += opened.format == "MPO"
            arrays = []
            size = opened.size
            for number in range(n_pages):
                opened.seek(number)
                if opened.size != size:  # before memory is taken for it
                    raise DataError(
                        f"{name}: its pages differ in size. Save the pages that are samples as separate "
                        "files."
                    )
                self._done["deep"] += is_deep_colour(opened)
                arrays.append(np.asarray(self._plain(opened)))
        return arrays

    def _plain(self, page: Image.Image) -> Image.Image:
        """Return a page upright and opaque, in the target size and mode."""
        if page.getexif().get(ExifTags.Base.Orientation, 1) != 1:
            self._done["turned"] += 1
            page = ImageOps.exif_transpose(page)
        page = self._opaque(page) if page.has_transparency_data else page
        if page.mode in ("1", "LA", "La"):
            page = page.convert("L")
        elif page.mode not in ("L", "I", "F") and not page.mode.startswith("I;16"):
            page = page.convert("RGB")
        if self._options.mode and page.mode != self._options.mode:
            self._done["converted"] += 1
            page = page.convert(self._options.mode)
        if self._options.size and page.size != self._options.size[::-1]:
            self._done["resized"] += 1
            page = page.resize(self._options.size[::-1])
        return page

    def _opaque(self, page: Image.Image) -> Image.Image:
        gray = page.mode in ("1", "L", "LA", "La")
        layers = page.convert("RGBA")
        if layers.getchannel("A").getextrema()[0] == 255:
            return page if page.mode in ("L", "1", "P") else layers.convert("L" if gray else "RGB")
        if self._ground is None:
            self._ground = _ground(self._images[:_LOOKED_AT])
        self._done["transparent"] += 1
        ground = Image.new("RGBA", page.size, (self._ground,) * 3 + (255,))
        return Image.alpha_composite(ground, layers).convert("L" if gray else "RGB")

    def notes(self) -> Iterator[str]:
        done, size = self._done, self._options.size
        if done["paged"]:
            yield f"each of the {done['pages']:,} pages of {_files(done['paged'])} is a sample"
        if done["transparent"]:
            ground = "white" if self._ground else "black"
            yield f"transparent pixels of {_n(done['transparent'])} over {ground}"
        if done["turned"]:
            yield f"{_n(done['turned'])} turned upright by EXIF"
        if done["deep"]:
            yield f"16-bit colours of {_n(done['deep'])} read as 8 bits"
        if done["previews"]:
            yield f"of {_files(done['previews'])} with several pictures in one JPEG, the first"
        if done["converted"]:
            yield f"{_n(done['converted'])} converted to {self._options.mode}"
        if done["resized"] and size:
            yield f"{_n(done['resized'])} resized to {size[0]} x {size[1]}"


def _n(images: int) -> str:
    return counted(images, "image")


def _files(files: int) -> str:
    return counted(files, "file")


def _ground(images: Named) -> int:
    """Return a background in contrast to the opaque pixels: 255 (white), or 0 (black) if they are light."""
    light = weight = 0.0
    for name, image in images:
        with open_image(name, image) as opened:
            if opened.has_transparency_data:
                layers = np.asarray(opened.convert("RGBA"), dtype=np.float64)
                alpha = layers[..., 3]
                light += float((layers[..., :3].mean(axis=-1) * alpha).sum())
                weight += float(alpha.sum())
    return 0 if light > 127.5 * weight else 255


def _kind(array: NDArray[Any]) -> str:
    mode = "RGB" if array.ndim == 3 else "grayscale"
    return f"{array.shape[0]}x{array.shape[1]} {mode} {array.dtype}"


def _differ(name: str, first: str, array: NDArray[Any], expected: NDArray[Any], folder: str) -> str:
    """Return the error for an image that differs from the first, with lines to type for a folder."""
    options: dict[str, list[object]] = {}
    if array.shape[:2] != expected.shape[:2]:
        options |= {"resize": [expected.shape[:2]]}
    if array.ndim != expected.ndim or array.dtype != expected.dtype:
        options |= {"mode": ["L", "RGB"]}
    lines = [line(folder, **dict(zip(options, values, strict=True))) for values in product(*options.values())]
    advice = f"To convert them, type {' or '.join(lines)}." if folder else "Resize or convert them."
    other = "its first page" if name == first else first
    got = f"got {_kind(array)}, but {other} is {_kind(expected)}"
    return f"{name}: images must have one size and mode, {got}. {advice}"
