"""The convolutions of the network, chosen for the size of the images, without any framework."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ..autoencoder import Row, Summary

LEAST = 4  # pixels: a side is not halved below


@dataclass(frozen=True)
class Backbone:
    """Convolutions, each with batch normalisation and ReLU; then the mean over pixels, normalised too.

    The first, second and fourth halve the image, unless a side would become smaller than 4 pixels: 28 x 28
    becomes 14, 7, 7 and 4, and 8 x 8 becomes 4, 4, 4 and 4.

    Parameters
    ----------
    image_shape : tuple (height, width, channels)
    widths : tuple of int
        Channels after each convolution; the last is the width of the embedding.
    head : tuple of int
        Widths of the layers after it, on which the loss is computed, and which are then left out.

    Examples
    --------
    >>> net = Backbone((8, 8, 1), (4, 8, 8, 16), (32, 8))
    >>> net.convolutions
    [(1, 4, 5, 2), (4, 8, 3, 1), (8, 8, 3, 1), (8, 16, 3, 1)]
    >>> print(net.summary)
    layer             output shape          parameters
    Input             (8, 8, 1)                      0
    Conv2D            (4, 4, 4)                    116
    Conv2D            (4, 4, 8)                    320
    Conv2D            (4, 4, 8)                    608
    Conv2D            (4, 4, 16)                 1,216
    Mean              (16,)                         32
    Dense             (32,)                        544
    Dense             (8,)                         264
    total                                        3,100
    """

    image_shape: tuple[int, int, int]
    widths: tuple[int, ...]
    head: tuple[int, ...]

    @property
    def convolutions(self) -> list[tuple[int, int, int, int]]:
        """Channels in and out, side of the kernel, and stride, of each convolution."""
        found, (*sides, channels) = [], self.image_shape
        for number, width in enumerate(self.widths):
            stride = 2 if number != 2 and min(sides) >= 2 * LEAST - 1 else 1
            found.append((channels, width, 3 if number else 5, stride))
            sides, channels = [ceil(side / stride) for side in sides], width
        return found

    @property
    def summary(self) -> Summary:
        """The layer table; the parameters of batch normalisation are with those of the layer before it."""
        rows, sides = [Row("Input", self.image_shape, 0)], self.image_shape[:2]
        for before, width, kernel, stride in self.convolutions:
            sides = ceil(sides[0] / stride), ceil(sides[1] / stride)
            rows.append(Row("Conv2D", (*sides, width), before * width * kernel**2 + 4 * width))
        rows.append(Row("Mean", (width,), 2 * width))
        for size in self.head:
            rows.append(Row("Dense", (size,), (width + 1) * size))
            width = size
        return Summary(rows)
