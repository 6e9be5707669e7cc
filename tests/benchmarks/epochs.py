"""The networks that are timed, and an epoch of each through the harness's own loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from harness.plugins.autoencoder import Architecture, ConvAutoencoder, DenseAutoencoder, Training, streams
from harness.plugins.autoencoder.training import _batches

BATCH = 256
ROWS = 12_800
R1 = {"filters": (16, 8, 8), "downsampling": "pool", "shrink": "valid", "latent": None}
NETWORKS: dict[str, Any] = {
    "dense 784-512-256-128-10": DenseAutoencoder,
    "conv 16-32, stride 2, latent 10": ConvAutoencoder,
    "conv of report R1": ConvAutoencoder,
}


def description(name: str) -> Architecture:
    """Describe a network for images of 28 x 28."""
    kind = NETWORKS[name]

    class Described(kind):  # type: ignore[misc, valid-type]
        engine = None

    params: dict[str, Any] = {} if kind is DenseAutoencoder else {"image_shape": (28, 28, 1)}
    return Described(**params, **(R1 if "R1" in name else {})).architecture(784)


def samples() -> Any:
    """Return samples; their values do not matter for the time."""
    return np.random.default_rng(0).random((ROWS, 784), dtype=np.float32)


def harness_epoch(engine: Any, name: str) -> Callable[[], float]:
    """Return what trains one epoch in an engine."""
    architecture, training = description(name), Training(batch_size=BATCH)
    weights, _, order, corruption = streams(0)
    network = engine.Network(architecture, architecture.initial_weights(weights), training, "cpu")
    network.load(samples())
    return lambda: network.train_epoch(_batches(order.permutation(ROWS), architecture, training, corruption))
