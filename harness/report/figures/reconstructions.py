"""Images and their reconstructions by an autoencoder."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ...core.counts import counted
from ...core.errors import NotApplicable
from ...core.interfaces import Floats
from ..cell_data import StoredCell
from .images import image_at, pixels, scale_of
from .inputs import image_shape_of
from .picture import Picture
from .style import DIM, INK, bare, new_figure

MOST, COLUMNS = 16, 8
STEP = 1.12  # distance between images, in widths
LIFT = 0.30  # space for the error under a pair, in heights


def draw(cell: StoredCell) -> Picture:
    """Draw up to sixteen images above their reconstructions, with the error of each.

    Raises
    ------
    NotApplicable
        If the samples are not images, or the encoder has no reconstructions.
    """
    shape = image_shape_of(cell)
    originals, made = _pairs(cell, math.prod(shape))
    found = errors(originals, made)
    low, high = scale_of(originals)
    digits = ".4f" if (low, high) == (0, 1) else ".4g"
    blocks = math.ceil(len(made) / COLUMNS)
    ratio = shape[0] / shape[1]
    tall = 2 * ratio + 0.06 + LIFT
    width = STEP * COLUMNS + 1.1  # with the names at the left
    figure = new_figure(8.0 / width * blocks * tall + 0.05)
    axes = figure.subplots()
    for number, error in enumerate(found):
        left, top = 1.1 + STEP * (number % COLUMNS), tall * (number // COLUMNS)
        image_at(axes, pixels(originals[number], shape, low, high)[0], left, top, ratio)
        image_at(axes, pixels(made[number], shape, low, high)[0], left, top + ratio + 0.06, ratio)
        axes.text(
            left + 0.5,
            top + 2 * ratio + 0.1,
            f"{error:{digits}}",
            ha="center",
            va="top",
            color=INK,
            fontsize=7.5,
        )
    for block in range(blocks):
        middles = (0.5 * ratio, 1.5 * ratio + 0.06, 2 * ratio + 0.1)
        for text, y in zip(("original", "decoded", "error"), middles, strict=True):
            how = "top" if text == "error" else "center"
            axes.text(1.0, tall * block + y, text, ha="right", va=how, color=DIM, fontsize=8)
    axes.set_xlim(0, width)
    axes.set_ylim(tall * blocks, 0)
    bare(axes)
    alt = (
        f"{counted(len(made), 'image')} above their reconstructions; mean squared errors "
        f"from {found.min():{digits}} to {found.max():{digits}}, {found.mean():{digits}} on average."
    )
    caption = (
        "The first fitted rows, not selected; the error is the mean square over pixels. The encoder was "
        "trained on these rows; others may be reconstructed worse."
    )
    return Picture(figure, "Reconstructions", alt, caption)


def errors(originals: Floats, made: Floats) -> NDArray[np.float64]:
    """Return the mean squared error of each row, of shape (m,).

    Examples
    --------
    >>> errors(np.array([[0.0, 1.0]]), np.array([[0.0, 0.5]])).tolist()
    [0.125]
    """
    difference = np.asarray(originals, dtype=np.float64) - made
    squares: NDArray[np.float64] = np.square(difference).mean(axis=1)
    return squares


def _pairs(cell: StoredCell, width: int) -> tuple[Floats, Floats]:
    made, originals = cell.reconstructed, cell.originals
    if made is None:
        status, reason = cell.status
        ended = f": {reason}" if status != "ok" and cell.encode is None else ""
        raise NotApplicable(f"{cell.record.encoder} reconstructs no samples{ended}")
    if originals is None or made.shape[1] != width:
        if len(cell.record.steps) > 1:
            raise NotApplicable("the reconstructions are of an earlier step's output, not of images")
        raise NotApplicable("the samples are no longer in the store")
    return originals[:MOST], made[:MOST]
