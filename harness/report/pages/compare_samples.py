"""Data shared by all runs of a leaderboard on the comparing page: classes, maps and small images."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ...core.errors import HarnessError, NotApplicable
from ...core.interfaces import Floats
from ..cell_data import StoredCell
from ..figures.images import pixels, scale_of
from ..figures.inputs import image_shape_of
from ..figures.map import CAVEATS, NAMES
from ..figures.palette import OKABE_ITO, PETROFF
from ..figures.projections import Maps
from . import score_tables
from .compare_runs import Rows, packed, sampled

STEPS = 4095  # of a map's longer side
SIDE = 32  # pixels of a small image; larger ones are averaged down
HEAVY = 400_000  # bytes from which the sheet of small images is a JPEG


def sample_values(
    cells: Sequence[StoredCell], methods: Iterable[str], maps: Maps, *, images: bool, rows: Rows | None
) -> dict[str, Any]:
    """Return what the comparing page has of a leaderboard, as plain values.

    Parameters
    ----------
    cells : sequence of StoredCell
        Of one leaderboard, those that can be chosen.
    methods : iterable of {"pca", "tsne", "umap"}
        By which the samples, not the embeddings, are laid out on two axes.
    maps : Maps
    images : bool
        Whether small images are shipped, where the samples are images.
    rows : ndarray of int64, or None
        The scored rows that are compared; None for all. Maps and images are of `sampled` rows in any case.
    """
    first = cells[0]
    n = next((len(each.labels) for each in cells if each.labels is not None), 0)
    shown = sampled(n)
    drawn_maps, missing = _maps(first, methods, maps, shown)
    truth = first.truth if n else None
    return {
        "dataset": first.record.dataset,
        "protocol": first.record.protocol,
        "n": n,
        "rows": None if rows is None or len(rows) == n else packed(rows),
        "shown": None if rows is not None or len(shown) == n else packed(shown),
        **_classes(first, None if truth is None else np.asarray(truth), rows),
        "colours": {"few": OKABE_ITO, "many": PETROFF},
        "maps": drawn_maps,
        "missing": missing,
        "images": _images(first, shown) if images else None,
        "choices": _choices(cells),
        "main": score_tables.MAIN,
    }


def samples_digest(cell: StoredCell) -> str:
    """Return what names the scored samples among maps, the same as for an encoder that changes nothing."""
    return f"{cell.record.digest} {cell.record.protocol}"


def _choices(cells: Sequence[StoredCell]) -> list[list[Any]]:
    """Return name, K and runs of each row; of each run the id, seeds, status, and whether it has clusters."""
    rows: dict[tuple[str, str], list[list[Any]]] = {}
    for cell in cells:
        runs = rows.setdefault((cell.name, cell.record.k), [])
        runs.append([cell.id, score_tables.seeds_text(cell), cell.status[0], cell.clustered])
    return [[name, k, runs] for (name, k), runs in rows.items()]


def _classes(cell: StoredCell, truth: Rows | None, rows: Rows | None) -> dict[str, Any]:
    """Return the names of the classes, counted from 0, and the class of each compared row, -1 for unknown."""
    if truth is None or not (truth >= 0).any():
        return {"classes": [], "truth": None}
    classes = np.unique(truth[truth >= 0])
    numbered = np.where(truth >= 0, np.searchsorted(classes, truth), -1)
    return {
        "classes": [cell.class_name(int(each)) for each in classes],
        "truth": packed(numbered if rows is None else numbered[rows]),
    }


def _maps(
    cell: StoredCell, methods: Iterable[str], maps: Maps, shown: Rows
) -> tuple[list[dict[str, Any]], Mapping[str, str]]:
    """Return the maps of the samples, and why others are not there."""
    drawn_maps, missing = [], {}
    for method in methods:
        name = NAMES[method]
        if cell.samples is None:
            missing[name] = "the samples are no longer in the store"
            continue
        try:
            rows, points = maps.project(method, cell.samples, samples_digest(cell))
        except (HarnessError, ValueError) as error:
            missing[name] = str(error)
            continue
        own = np.asarray(points[np.searchsorted(rows, shown)], dtype=np.float64)
        drawn_maps.append({"name": name, "caveat": CAVEATS[method], **_whole(own)})
    return drawn_maps, missing


def _whole(points: Floats) -> dict[str, Any]:
    """Return points as whole numbers from 0, both axes on one scale, and how wide and high they lie."""
    if not len(points):
        return {
            "x": packed(np.zeros(0, dtype=np.int64)),
            "y": packed(np.zeros(0, dtype=np.int64)),
            "size": [1, 1],
        }
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    whole = np.rint((points - low) * (STEPS / (size.max() or 1.0))).astype(np.int64)
    whole[:, 1] = whole[:, 1].max() - whole[:, 1]  # on pages y goes down
    return {
        "x": packed(whole[:, 0]),
        "y": packed(whole[:, 1]),
        "size": [max(1, int(side)) for side in whole.max(axis=0)],
    }


def _images(cell: StoredCell, shown: Rows) -> dict[str, Any] | None:
    """Return the shown samples as small images on one sheet, or None where they are no images."""
    samples = cell.samples
    try:
        shape = image_shape_of(cell)
    except NotApplicable:
        return None
    if samples is None or not len(shown):
        return None
    rows = np.asarray(samples[shown])
    small, shape = _smaller(rows, shape)
    tiles = pixels(small, shape, *scale_of(rows))
    columns = int(np.ceil(np.sqrt(len(tiles))))
    height, width = shape[:2]
    sheet = np.zeros((-(-len(tiles) // columns) * height, columns * width, 4), dtype=np.uint8)
    for place, tile in enumerate(tiles):
        top, left = place // columns * height, place % columns * width
        sheet[top : top + height, left : left + width] = tile
    return {"uri": _uri(sheet, shape[2]), "width": width, "height": height, "columns": columns}


def _smaller(rows: Floats, shape: tuple[int, int, int]) -> tuple[Floats, tuple[int, int, int]]:
    """Return images of at most `SIDE` pixels a side, each the mean of a square of them."""
    height, width, channels = shape
    step = -(-max(height, width) // SIDE)
    if step == 1:
        return rows, shape
    high, wide = max(1, height // step), max(1, width // step)
    images = rows.reshape(-1, *shape)[:, : high * step, : wide * step]
    down, across = min(step, height), min(step, width)
    blocks = images.reshape(len(rows), high, down, wide, across, channels)
    return blocks.mean(axis=(2, 4), dtype=np.float32).reshape(len(rows), -1), (high, wide, channels)


def _uri(sheet: np.ndarray[Any, np.dtype[np.uint8]], channels: int) -> str:
    from PIL import Image

    image = Image.fromarray(sheet).convert("L" if channels == 1 else "RGB" if channels == 3 else "RGBA")
    kind, text = "png", _encoded(image, "PNG", optimize=True)
    if len(text) > HEAVY and channels != 4:
        kind, text = "jpeg", _encoded(image, "JPEG", quality=75)
    return f"data:image/{kind};base64,{text}"


def _encoded(image: Any, kind: str, **options: Any) -> str:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()
