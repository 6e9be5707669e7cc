"""Expected costs of networks: passes over their weights, for each sample and epoch that they may take."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from harness import Cost

from ._parts import Params, number

# Operations, of training a sample, per product of its forward pass; convolutions take longer.
TRAINED = {"torch": 5.0, "keras": 7.0}
CONVOLVED = 5.4
OPTIMISED = 350  # of a weight, in a step of the optimizer
STEP = {"torch": 4e7, "keras": 1e8}  # of a batch, however small
VIEWED, VIEW = 7.0, 2_000  # of a product of a view, and of a pixel
SEEN = 1_000_000  # samples in an epoch count by default of deep clustering


def dense(framework: str) -> Any:
    """Return the cost of a dense autoencoder."""

    def cost(n: int, d: int, k: int, params: Params) -> Cost:
        latent, last = number(params, "latent", 10), number(params, "code_layer", -1)
        code = (*_sizes(params, "layers"), latent)[last]
        return _trained(n, number(params, "epochs", 50), _dense(d, latent, params), params, framework, code)

    return cost


def convolutional(framework: str) -> Any:
    """Return the cost of a convolutional autoencoder."""

    def cost(n: int, d: int, k: int, params: Params) -> Cost:
        filters, kernel = _sizes(params, "filters"), number(params, "kernel", 3)
        products, weights, (height, width), before = 0.0, 0.0, *_image(params, d)
        for channels in filters:
            height, width = math.ceil(height / 2), math.ceil(width / 2)
            weights += 2 * kernel**2 * before * channels
            products += 2 * kernel**2 * before * channels * height * width
            before = channels
        code = height * width * before
        latent = number(params, "latent", code)
        weights += 2 * code * latent
        used = CONVOLVED * products + 2 * code * latent
        return _trained(n, number(params, "epochs", 50), weights, params, framework, latent, used)

    return cost


def stacked(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of layers trained one by one, and then together."""
    layers, latent = _sizes(params, "layers"), number(params, "latent", 10)
    sizes = [d, *layers, latent]
    epochs = number(params, "epochs", 50) + number(params, "layer_epochs", 10) / 2  # each of them a part
    return _trained(n, epochs, _products(sizes), params, "torch", latent)


def contrastive(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of two views of each image, drawn and seen in every epoch."""
    from ..contrastive.convolutions import Backbone  # here, since few plans have such an encoder

    (height, width), channels = _image(params, d)
    widths, used = _sizes(params, "widths"), 0.0
    for before, after, kernel, stride in Backbone((height, width, channels), widths, ()).convolutions:
        height, width = math.ceil(height / stride), math.ceil(width / stride)
        used += kernel**2 * before * after * height * width
    steps = max(
        number(params, "epochs", 15) * n // max(1, _batch(n, params)), number(params, "min_steps", 500)
    )
    images = steps * _batch(n, params)
    seen = images * 2 * (VIEWED * used + VIEW * d)
    return Cost(seen + n * VIEWED * used, memory=8 * n * widths[-1], features=widths[-1])


def deep(n: int, d: int, k: int, params: Params) -> Cost:
    """Return that of pretraining and of as many steps as a method takes at most."""
    latent, batch = number(params, "latent", 10), _batch(n, params)
    shown = math.ceil(SEEN / n)
    epochs = number(params, "pretrain_epochs", min(300, shown))
    more = number(params, "epochs", min(500, shown))
    if "max_iter" in params:  # those with a target
        more = number(params, "max_iter", 4_000) * batch // n + 1
    return _trained(n, epochs + more, _dense(d, latent, params), params, "torch", latent)


def _trained(
    n: int,
    epochs: float,
    weights: float,
    params: Params,
    framework: str,
    features: int,
    used: float | None = None,
) -> Cost:
    """Return the cost of epochs and of encoding; `used` is per sample, if weights are used more than once."""
    used = weights if used is None else used
    steps = epochs * math.ceil(n / _batch(n, params))
    training = epochs * n * TRAINED[framework] * used + steps * (OPTIMISED * weights + STEP[framework])
    return Cost(training + n * used / 2, memory=16 * weights + 4 * n * features, features=features)


def _dense(d: int, latent: int, params: Params) -> float:
    return _products([d, *_sizes(params, "layers"), latent])


def _products(sizes: Sequence[int]) -> float:
    return 2.0 * sum(a * b for a, b in pairwise(sizes))


def _sizes(params: Params, name: str) -> tuple[int, ...]:
    found = params.get(name)
    return tuple(found) if isinstance(found, list | tuple) else ()


def _batch(n: int, params: Params) -> int:
    return max(1, min(n, number(params, "batch_size", 128)))


def _image(params: Params, d: int) -> tuple[tuple[int, int], int]:
    """Return height and width, and channels."""
    shape = params.get("image_shape")
    if isinstance(shape, list | tuple) and len(shape) == 3:
        return (int(shape[0]), int(shape[1])), int(shape[2])
    side = math.ceil(math.sqrt(d))
    return (side, side), 1
