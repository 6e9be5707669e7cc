"""An epoch of SimCLR against a plain loop over the same network and views, written by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

ROWS, BATCH = 5120, 256
WAYS = ("by hand", "by hand, channels last", "harness")


@pytest.mark.parametrize("way", WAYS)
def test_epoch(benchmark: Any, way: str) -> None:
    torch = pytest.importorskip("torch")
    torch.set_num_threads(1)
    benchmark.group = f"SimCLR, an epoch of {ROWS:,} images of 28 x 28"
    run = by_harness() if way == "harness" else by_hand(channels_last=way != "by hand")
    benchmark.pedantic(run, rounds=5, warmup_rounds=1)


def samples() -> Any:
    return np.random.default_rng(0).random((ROWS, 784), dtype=np.float32)


def by_harness() -> Callable[[], float]:
    from harness.plugins.contrastive.convolutions import Backbone
    from harness.plugins.contrastive.torch_engine import Network
    from harness.plugins.encoders.simclr import SimCLR

    model = SimCLR()
    network = Network(Backbone((28, 28, 1), model.widths, model.head), "cpu", 0)
    steps = 10 * ROWS // BATCH
    network.prepare(samples(), model.strengths, batch_size=BATCH, steps=steps, rate=2e-3, decay=0.01)
    loss = model.loss()
    return lambda: network.train_epoch(loss)


def by_hand(channels_last: bool) -> Callable[[], float]:
    import torch
    from torch.nn.functional import cross_entropy, normalize

    model = plain_network()
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(model.parameters(), 2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, total_steps=10 * ROWS // BATCH)
    X = torch.from_numpy(samples()).view(-1, 1, 28, 28)
    other = torch.arange(2 * BATCH).roll(BATCH)

    def run() -> float:
        total = 0.0
        for rows in torch.randperm(ROWS).split(BATCH):
            batch = X[rows]
            views = torch.cat([view(batch), view(batch)])
            z = normalize(model(views))
            cosines = (z @ z.T / 0.5).masked_fill(torch.eye(len(z), dtype=torch.bool), -1e9)
            loss = cross_entropy(cosines, other)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item()
        return total

    return run


def view(images: Any) -> Any:
    """Shift, zoom, rotation, gamma, contrast and cutout of each image."""
    import torch
    from torch.nn.functional import affine_grid, grid_sample

    n = len(images)
    angle, zoom = math.radians(8) * (2 * torch.rand(n) - 1), 0.75 + 0.35 * torch.rand(n)
    maps = torch.zeros(n, 2, 3)
    maps[:, 0, 0] = maps[:, 1, 1] = torch.cos(angle) / zoom
    maps[:, 0, 1], maps[:, 1, 0] = -torch.sin(angle) / zoom, torch.sin(angle) / zoom
    maps[:, :, 2] = 0.22 * (2 * torch.rand(n, 2) - 1)
    images = images ** torch.exp(torch.rand(n, 1, 1, 1) - 0.5)
    images = grid_sample(
        images, affine_grid(maps, list(images.shape), align_corners=False), align_corners=False
    )
    images = images * (0.5 + 0.7 * torch.rand(n, 1, 1, 1))
    pixels, half, at = torch.arange(28), 4 * torch.rand(n, 1), 28 * torch.rand(2, n, 1)
    rows, columns = ((pixels + 0.5 - each).abs() < half for each in at)
    return images.masked_fill((rows[:, :, None] & columns[:, None, :])[:, None], 0.0)


def plain_network() -> Any:
    from torch import nn

    layers: list[Any] = []
    for before, after, kernel, stride in [(1, 24, 5, 2), (24, 48, 3, 2), (48, 96, 3, 1), (96, 192, 3, 2)]:
        convolution = nn.Conv2d(before, after, kernel, stride, kernel // 2, bias=False)
        layers += [convolution, nn.BatchNorm2d(after), nn.ReLU()]
    pooled = (nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.BatchNorm1d(192, affine=False))
    return nn.Sequential(*layers, *pooled, nn.Linear(192, 256), nn.ReLU(), nn.Linear(256, 128))
