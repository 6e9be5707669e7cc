"""Random views of images, a whole batch at once, on the device where the images lie."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from .strengths import Strengths


@dataclass(frozen=True)
class Views:
    """Draw views: each image is mirrored, moved, zoomed, turned, made darker or lighter, and partly covered.

    Ten numbers are drawn for each view, on the processor, so that every device makes the same views.

    Parameters
    ----------
    strengths : Strengths
    background : float
        Value of covered pixels and of those from beyond the edge.
    """

    strengths: Strengths
    background: float

    def draw(self, images: Tensor, generator: torch.Generator) -> Tensor:
        """Return a view of each image, shape (n, channels, height, width), values in [0, 1]."""
        drawn = torch.rand((10, len(images)), generator=generator).to(images.device)
        gamma, contrast = drawn[4:6, :, None, None, None]
        low, high = self.strengths.contrast
        views = images.pow(torch.exp(self.strengths.gamma * (2 * gamma - 1))) - self.background
        grid = F.affine_grid(self._maps(drawn, images), list(images.shape), align_corners=False)
        views = F.grid_sample(views, grid, align_corners=False)
        views *= self._seen(drawn[7:], images) * (low + (high - low) * contrast)
        views += self.background
        return views.contiguous(memory_format=torch.channels_last)

    def _maps(self, drawn: Tensor, images: Tensor) -> Tensor:
        """Return where the pixels of each view come from, as affine maps of shape (n, 2, 3).

        Coordinates go from -1 to 1, so that a rotation must know how wide an image is for its height.
        """
        strengths, (height, width) = self.strengths, images.shape[2:]
        low, high = strengths.zoom
        zoom = low + (high - low) * drawn[2]
        angle = math.radians(strengths.turn) * (2 * drawn[3] - 1)
        cos, sin = torch.cos(angle) / zoom, torch.sin(angle) / zoom
        mirror = torch.where(drawn[6] < 0.5, -1.0, 1.0) if strengths.flip else torch.ones_like(cos)
        right, down = 2 * strengths.shift * (2 * drawn[:2] - 1)
        return torch.stack(
            [mirror * cos, -sin * height / width, right, mirror * sin * width / height, cos, down], dim=1
        ).view(-1, 2, 3)

    def _seen(self, drawn: Tensor, images: Tensor) -> Tensor:
        """Return 0 for the pixels of a square that is covered in each view, and 1 for the others."""
        height, width = images.shape[2:]
        half = self.strengths.cutout * min(height, width) * drawn[0] / 2
        inside = []
        for side, at in ((height, drawn[1]), (width, drawn[2])):
            pixels = torch.arange(side, device=images.device) + 0.5
            inside.append((pixels - side * at[:, None]).abs() < half[:, None])
        covered = inside[0][:, None, :, None] & inside[1][:, None, None, :]
        return (~covered).to(images.dtype)
