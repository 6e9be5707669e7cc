"""An epoch in PyTorch against a plain loop over the same network, written by hand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import epochs
import pytest

WAYS = ("by hand", "by hand, channels last", "harness")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", epochs.NETWORKS)
def test_epoch(benchmark: Any, name: str, way: str) -> None:
    pytest.importorskip("torch")
    benchmark.group = f"PyTorch, an epoch of {epochs.ROWS:,} rows, {name}"
    benchmark.pedantic(epoch(name, way), rounds=5, warmup_rounds=2)


def epoch(name: str, way: str) -> Callable[[], Any]:
    if way == "harness":
        from harness.plugins.autoencoder import torch_engine

        return epochs.harness_epoch(torch_engine, name)
    return by_hand(name, channels_last=way != "by hand")


def by_hand(name: str, channels_last: bool) -> Callable[[], Any]:
    import torch
    from torch.nn.functional import mse_loss

    model = plain_network(name)
    assert sum(each.numel() for each in model.parameters()) == epochs.description(name).n_parameters
    if channels_last:
        model = model.to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters())
    X = torch.from_numpy(epochs.samples())

    def run() -> float:
        total = 0.0
        for rows in torch.randperm(len(X)).split(epochs.BATCH):
            batch = X[rows]
            optimizer.zero_grad()
            loss = mse_loss(model(batch), batch)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        return total / len(X)

    return run


def plain_network(name: str) -> Any:
    from torch import nn

    if name.startswith("dense"):
        sizes = [784, 512, 256, 128, 10, 128, 256, 512, 784]
        layers: list[Any] = []
        for n, (before, after) in enumerate(pairwise(sizes)):
            layers += [nn.Linear(before, after), {3: nn.Identity, 7: nn.Sigmoid}.get(n, nn.ReLU)()]
        return nn.Sequential(*layers)
    if "R1" not in name:
        return nn.Sequential(
            *(nn.Unflatten(1, (1, 28, 28)), nn.Conv2d(1, 16, 3, 2, 1), nn.ReLU()),
            *(nn.Conv2d(16, 32, 3, 2, 1), nn.ReLU(), nn.Flatten(), nn.Linear(1568, 10)),
            *(nn.Linear(10, 1568), nn.ReLU(), nn.Unflatten(1, (32, 7, 7))),
            *(nn.ConvTranspose2d(32, 16, 3, 2, 1, 1), nn.ReLU()),
            *(nn.ConvTranspose2d(16, 1, 3, 2, 1, 1), nn.Sigmoid(), nn.Flatten()),
        )
    conv = [(1, 16, 1), (16, 8, 1), (8, 8, 1), (8, 8, 1), (8, 8, 1), (8, 16, 0)]
    blocks = [[nn.Conv2d(i, o, 3, padding=p), nn.ReLU()] for i, o, p in conv]
    resize = [nn.MaxPool2d(2, ceil_mode=True)] * 3 + [nn.Upsample(scale_factor=2)] * 3
    body = [layer for block, size in zip(blocks, resize, strict=True) for layer in (*block, size)]
    last = (nn.Conv2d(16, 1, 3, padding=1), nn.Sigmoid(), nn.Flatten())
    return nn.Sequential(nn.Unflatten(1, (1, 28, 28)), *body, *last)
