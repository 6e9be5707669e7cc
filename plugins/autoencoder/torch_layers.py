"""The layers of an architecture in PyTorch.

Images are channels-last in memory, which halves the time of a convolution on a CPU.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import layers
from .architecture import NOT_LEARNED, Architecture
from .training import Floats

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "linear": lambda x: x,
    "relu": torch.relu,
    "leaky_relu": lambda x: F.leaky_relu(x, layers.LEAK),
    "elu": F.elu,
    "selu": F.selu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "softmax": lambda x: torch.softmax(x, dim=1),
}


class Model(nn.Module):
    """The layers in sequence; input and output are samples as rows."""

    def __init__(self, architecture: Architecture) -> None:
        super().__init__()
        self.architecture = architecture
        pairs = zip(architecture.layers, architecture.shapes, strict=False)
        self.steps = [_Step(layer, shape) for layer, shape in pairs]
        self.held = nn.ModuleList(self.steps)  # so that PyTorch finds their weights

    def forward(self, rows: Tensor, masks: tuple[Tensor, ...] = ()) -> Tensor:
        """Return the reconstructions."""
        return self.between(rows, 0, len(self.steps), masks)

    def encode(self, rows: Tensor) -> Tensor:
        """Return the codes."""
        return self.between(rows, 0, self.architecture.code)

    def decode(self, codes: Tensor) -> Tensor:
        """Return the reconstructions of codes."""
        return self.between(codes, self.architecture.code, len(self.steps))

    def weights(self) -> list[Tensor]:
        """Return all weights in the order of the description."""
        return [each for step in self.steps for each in step.weights()]

    def between(self, x: Tensor, start: int, end: int, masks: tuple[Tensor, ...] = ()) -> Tensor:
        """Return what the layers from `start` to before `end` make of rows."""
        x = _unflatten(x, self.architecture.shapes[start])
        waiting = iter(masks)
        for step in self.steps[start:end]:
            if not isinstance(step.layer, layers.Dropout):
                x = step(x)
            elif self.training:
                mask = next(waiting)
                x = x * (mask if x.ndim == 2 else mask.permute(0, 3, 1, 2))
        return _flatten(x)


class _Step(nn.Module):
    """A layer with its weights."""

    def __init__(self, layer: layers.Layer, shape: layers.Shape) -> None:
        super().__init__()
        self.layer = layer
        self.names = list(layer.weight_shapes(shape))
        for name, size in layer.weight_shapes(shape).items():
            value = to_torch(np.zeros(size, dtype=np.float32))
            if name in NOT_LEARNED:
                self.register_buffer(name, value)
            else:
                self.register_parameter(name, nn.Parameter(value))

    def weights(self) -> list[Tensor]:
        """Return the weights in the order of the description."""
        return [getattr(self, name) for name in self.names]

    def forward(self, x: Tensor) -> Tensor:
        """Apply the layer to a batch."""
        if isinstance(self.layer, layers.BatchNorm):
            return _batch_norm(self.layer, x, self.training, *self.weights())
        return _FUNCTIONS[type(self.layer)](self.layer, x, *self.weights())


def _dense(layer: layers.Dense, x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    return ACTIVATIONS[layer.activation](F.linear(x, kernel, bias))


def _conv(layer: layers.Conv2D, x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    padding = 0
    if layer.padding == "same":
        x, padding = _padded(x, layer.kernel, layer.stride, 0.0)
    return ACTIVATIONS[layer.activation](F.conv2d(x, kernel, bias, layer.stride, padding))


def _conv_transpose(layer: layers.ConvTranspose2D, x: Tensor, kernel: Tensor, bias: Tensor) -> Tensor:
    height, width, _ = layer.output_shape((*x.shape[2:], x.shape[1]))
    before = max(layer.kernel - layer.stride, 0) // 2 if layer.padding == "same" else 0
    short = max(layer.stride - layer.kernel, 0)  # columns that no kernel reaches contain only the bias
    x = F.conv_transpose2d(x, kernel, bias, layer.stride, output_padding=short)
    return ACTIVATIONS[layer.activation](x[:, :, before : before + height, before : before + width])


def _batch_norm(
    layer: layers.BatchNorm,
    x: Tensor,
    training: bool,
    gamma: Tensor,
    beta: Tensor,
    mean: Tensor,
    variance: Tensor,
) -> Tensor:
    n = x.numel() // x.shape[1]
    learn = training and n > 1  # one value has no variance: use the running one
    # PyTorch averages the variance with divisor n - 1, the description with n: convert back and forth.
    ratio = n / (n - 1) if learn else 1.0
    scaled = variance * ratio
    x = F.batch_norm(x, mean, scaled, gamma, beta, learn, 1 - layer.momentum, layer.epsilon)
    if learn:
        variance.copy_(scaled / ratio)
    return x


def _max_pool(layer: layers.MaxPool2D, x: Tensor) -> Tensor:
    padding = 0
    if layer.padding == "same":
        x, padding = _padded(x, layer.size, layer.size, -torch.inf)
    return F.max_pool2d(x, layer.size, padding=padding)


_FUNCTIONS: dict[type[layers.Layer], Callable[..., Tensor]] = {
    layers.Dense: _dense,
    layers.Conv2D: _conv,
    layers.ConvTranspose2D: _conv_transpose,
    layers.MaxPool2D: _max_pool,
    layers.UpSample2D: lambda layer, x: F.interpolate(x, scale_factor=layer.size),
    layers.Crop2D: lambda layer, x: x[:, :, : layer.height, : layer.width],
    layers.Flatten: lambda layer, x: _flatten(x),
    layers.Reshape: lambda layer, x: _unflatten(_flatten(x), layer.shape),
    layers.Activation: lambda layer, x: ACTIVATIONS[layer.activation](x),
}


def _padded(x: Tensor, kernel: int, stride: int, value: float) -> tuple[Tensor, int]:
    """Return the input, padded if the two ends differ, and the padding that the operation should add."""
    (top, bottom), (left, right) = (layers.same_padding(side, kernel, stride) for side in x.shape[2:])
    if top == bottom == left == right:
        return x, top
    return F.pad(x, (left, right, top, bottom), value=value), 0


def _flatten(x: Tensor) -> Tensor:
    return x.flatten(1) if x.ndim == 2 or x.shape[1] == 1 else x.permute(0, 2, 3, 1).flatten(1)


def _unflatten(x: Tensor, shape: layers.Shape) -> Tensor:
    if len(shape) == 1:
        return x
    height, width, channels = shape
    if channels == 1:
        return x.view(-1, 1, height, width)
    return x.view(-1, height, width, channels).permute(0, 3, 1, 2)


def to_torch(value: Floats) -> Tensor:
    """Convert a kernel to PyTorch's layout: outputs, inputs, height, width (transposed: inputs first)."""
    value = value.T if value.ndim == 2 else value.transpose(3, 2, 0, 1) if value.ndim == 4 else value
    return torch.tensor(np.ascontiguousarray(value))  # otherwise steps copy between layouts


def from_torch(value: Tensor) -> Floats:
    """Return a copy in the description's layout."""
    array: Floats = value.detach().cpu().numpy()
    array = array.T if array.ndim == 2 else array.transpose(2, 3, 1, 0) if array.ndim == 4 else array
    return np.array(array, order="C")
