"""Networks that both engines train from the same weights; run in a process of each framework's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from harness.plugins.autoencoder import (
    Activation,
    Architecture,
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    Dropout,
    Flatten,
    MaxPool2D,
    Reshape,
    Training,
    UpSample2D,
    streams,
    train,
)
from harness.plugins.autoencoder.layers import ACTIVATIONS
from harness.plugins.autoencoder.training import LEARNING_RATES, LOSSES

EPOCHS = 4


@dataclass(frozen=True)
class Case:
    architecture: Architecture
    training: dict[str, Any] = field(default_factory=dict)


def dense(*middle: Any, out: str = "sigmoid", **training: Any) -> Case:
    layers = (Dense(16, "relu"), *middle, Dense(4), Dense(16, "relu"), Dense(30, out))
    return Case(Architecture((30,), layers, code=2 + len(middle)), training)


def conv(shape: tuple[int, int, int], *layers: Any, code: int = 1, **training: Any) -> Case:
    return Case(Architecture(shape, layers, code), training)


def upward(shape: tuple[int, int, int], *layers: Any) -> Case:
    """Layers that enlarge: after them the image is brought back by one that is known to agree."""
    back = (Flatten(), Dense(prod(shape), "sigmoid"), Reshape(shape))
    return conv(shape, *layers, *back, code=len(layers))


IMAGE = (7, 9, 3)
CASES = {
    **{f"activation {name}": dense(Activation(name)) for name in ACTIVATIONS},
    **{f"loss {name}": dense(loss=name) for name in LOSSES},
    **{f"optimizer {name}": dense(optimizer=name) for name in LEARNING_RATES},
    "softmax output": dense(out="softmax", loss="categorical_crossentropy"),
    "strong weight decay": dense(optimizer="adamw", weight_decay=5.0),
    "little momentum": dense(optimizer="sgd", momentum=0.2),
    "noise": dense(noise=0.2),
    "dropout": dense(Dropout(0.3)),
    "batch norm": dense(BatchNorm()),
    "batch norm of small batches": dense(BatchNorm(), batch_size=3),
    "batch of one left over": dense(BatchNorm(), batch_size=47),
    "batch larger than n": dense(batch_size=1000),
    "no validation": dense(validation_fraction=0.0),
    "conv same": conv(IMAGE, Conv2D(4, activation="relu"), Conv2D(3, activation="sigmoid")),
    "conv even kernel": conv(IMAGE, Conv2D(4, 2, activation="relu"), Conv2D(3, 4, activation="sigmoid")),
    "conv valid": upward(IMAGE, Conv2D(4, 3, padding="valid", activation="relu")),
    "conv valid stride": upward(IMAGE, Conv2D(4, 2, 2, padding="valid", activation="relu")),
    "conv stride": upward(IMAGE, Conv2D(4, 3, 2), Conv2D(4, 5, 3)),
    "pool same": upward(IMAGE, Conv2D(4), MaxPool2D(2), MaxPool2D(3)),
    "pool valid": upward(IMAGE, Conv2D(4), MaxPool2D(2, "valid"), MaxPool2D(3, "valid")),
    "upsample and crop": conv(
        IMAGE, MaxPool2D(), Conv2D(4, activation="relu"), UpSample2D(), Crop2D(7, 9), Conv2D(3), code=2
    ),
    "transpose same": upward(IMAGE, ConvTranspose2D(4, 3, 2), ConvTranspose2D(2, 2, 3)),
    "transpose larger kernel": upward(IMAGE, ConvTranspose2D(4, 5, 2), ConvTranspose2D(2, 4, 1)),
    "transpose valid": upward(IMAGE, ConvTranspose2D(4, 3, 2, "valid"), ConvTranspose2D(2, 5, 1, "valid")),
    "transpose cropped": conv(
        IMAGE, Conv2D(4, 3, 2), ConvTranspose2D(3, 3, 2, activation="sigmoid"), Crop2D(7, 9)
    ),
    "conv batch norm and dropout": upward(
        IMAGE, Conv2D(4, 3, 2), BatchNorm(), Activation("relu"), Dropout(0.2)
    ),
}


def samples(architecture: Architecture, n: int = 212) -> np.ndarray:
    """Smooth samples with some structure, so that there is something to learn."""
    rng = np.random.default_rng(7)
    hidden, features = rng.standard_normal((n, 5)), prod(architecture.input_shape)
    return (1 / (1 + np.exp(-hidden @ rng.standard_normal((5, features))))).astype(np.float32)


def run_case(engine: str, name: str, device: str = "cpu") -> dict[str, Any]:
    """Encode with the initial weights, train, and tell the losses and the weights."""
    case = CASES[name]
    architecture = case.architecture
    training = Training(**{"epochs": EPOCHS, "batch_size": 32, **case.training})
    X = samples(architecture)
    generators = streams(3)
    module = import_module(f"harness.plugins.autoencoder.{engine}_engine")
    network = module.Network(architecture, architecture.initial_weights(generators[0]), training, device)
    before = network.encode(X), network.reconstruct(X)
    history = train(network, X, architecture, training, generators)
    return {
        "code": before[0],
        "reconstruction": before[1],
        **history.as_dict(),
        "shapes": [weight.shape for weight in network.weights()],
        "after": network.encode(X),
    }
