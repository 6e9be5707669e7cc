"""Training on pairs of views in PyTorch."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..autoencoder.torch_engine import usable_device
from .convolutions import Backbone
from .strengths import Strengths
from .torch_views import Views

Floats = NDArray[np.float32]
Loss = Callable[[Tensor, Tensor], Tensor]
ROWS = 2048  # at a time where nothing is learned


class Network:
    """A backbone and a head with weights, on a device.

    Parameters
    ----------
    backbone : Backbone
    device : str
    seed : int
        Of the initial weights, the order of the images and the views.
    """

    def __init__(self, backbone: Backbone, device: str, seed: int) -> None:
        self.shape, self.device = backbone.image_shape, torch.device(usable_device(device))
        self.generator = torch.Generator().manual_seed(seed)
        with torch.device("meta"):  # PyTorch's own initial weights come from its global generator
            self.convolutions, self.head = _convolutions(backbone), _head(backbone)
        self.model = nn.Sequential(self.convolutions, self.head).to_empty(device="cpu")
        _draw(self.model, self.generator)
        self.model.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def images(self, X: Floats) -> Tensor:
        """Bring rows to the device as images, channels-last in memory."""
        height, width, channels = self.shape
        rows = torch.tensor(X, device=self.device)
        return rows.view(-1, height, width, channels).permute(0, 3, 1, 2)

    def prepare(
        self, X: Floats, strengths: Strengths, *, batch_size: int, steps: int, rate: float, decay: float
    ) -> None:
        """Load samples of shape (n, d) in [0, 1], to be trained on for so many steps."""
        self.X, self.batch_size = self.images(X), min(batch_size, len(X))
        edge = torch.cat([self.X[:, :, [0, -1]].flatten(), self.X[:, :, :, [0, -1]].flatten()])
        self.views = Views(strengths, float(edge.median()))
        weights, fused = self.model.parameters(), self.device.type in ("cpu", "cuda")
        self.optimizer = torch.optim.AdamW(weights, rate, weight_decay=decay, fused=fused)
        self.schedule = torch.optim.lr_scheduler.OneCycleLR(self.optimizer, rate, total_steps=steps)

    def train_epoch(self, loss: Loss) -> float:
        """Make a step on each full batch of the samples in a new order, and return the mean loss."""
        self.model.train()
        total, full = torch.zeros((), device=self.device), len(self.X) // self.batch_size
        order = torch.randperm(len(self.X), generator=self.generator).to(self.device)
        for rows in order[: full * self.batch_size].view(full, -1):
            views = self.views.draw(self.X[rows.repeat(2)], self.generator)
            self.optimizer.zero_grad(set_to_none=True)
            value = loss(*self.model(views).chunk(2))
            value.backward()  # type: ignore[no-untyped-call]
            self.optimizer.step()
            self.schedule.step()
            total += value.detach()
        return float(total) / full

    @torch.inference_mode()
    def embed(self, X: Floats, flip: bool) -> Floats:
        """Return the features of samples, the mean of those of an image and its mirror image if `flip`."""
        self.model.eval()
        parts = []
        for start in range(0, len(X), ROWS):
            images = self.images(X[start : start + ROWS])
            found = self.convolutions(images)
            parts.append((found + self.convolutions(images.flip(3))) / 2 if flip else found)
        return torch.cat(parts).cpu().numpy()

    def weights(self) -> dict[str, Floats]:
        """Return a copy of all weights by name."""
        return {name: value.cpu().numpy().copy() for name, value in self.model.state_dict().items()}

    def set_weights(self, weights: dict[str, Any]) -> None:
        """Put weights in place."""
        self.model.load_state_dict({name: torch.as_tensor(value) for name, value in weights.items()})


def _convolutions(backbone: Backbone) -> nn.Sequential:
    layers: list[nn.Module] = []
    for before, width, kernel, stride in backbone.convolutions:
        layers += [nn.Conv2d(before, width, kernel, stride, kernel // 2, bias=False)]
        layers += [nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
    last = nn.BatchNorm1d(backbone.widths[-1], affine=False)
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), last)


def _head(backbone: Backbone) -> nn.Sequential:
    layers: list[nn.Module] = []
    before = backbone.widths[-1]
    for size in backbone.head:
        layers += [nn.Linear(before, size), nn.ReLU(inplace=True)]
        before = size
    return nn.Sequential(*layers[:-1])


@torch.no_grad()
def _draw(model: nn.Module, generator: torch.Generator) -> None:
    """Draw initial weights: uniform, with the variance that ReLU keeps (He et al., 2015)."""
    for module in model.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            limit = math.sqrt(6 / module.weight[0].numel())
            module.weight.uniform_(-limit, limit, generator=generator)
            if module.bias is not None:
                module.bias.zero_()
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            module.reset_parameters()
