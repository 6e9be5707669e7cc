"""The layers of an autoencoder, as framework-independent descriptions.

Shapes leave out the batch: (features,) or (height, width, channels), channels last.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Literal

from harness import BadParameter

Shape = tuple[int, ...]
Padding = Literal["same", "valid"]
ACTIVATIONS = ("linear", "relu", "leaky_relu", "elu", "selu", "tanh", "sigmoid", "softplus", "softmax")
LEAK = 0.2  # slope of leaky_relu below zero


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return the zeros to pad before and after for ``ceil(size / stride)`` outputs; an odd one goes after.

    Examples
    --------
    >>> same_padding(7, 2, 2), same_padding(28, 3, 1), same_padding(28, 3, 2)
    ((0, 1), (1, 1), (0, 1))
    """
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


@dataclass(frozen=True)
class Layer:
    """One step of a network; by default it has no weights and keeps the shape."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return the shape of its output.

        Raises
        ------
        BadParameter
            If the layer does not accept this input shape.
        """
        return shape

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Return the shapes of its weights by name, for an input of this shape."""
        return {}

    def _need(self, dimensions: int, shape: Shape) -> None:
        if len(shape) != dimensions:
            wanted = "(features,)" if dimensions == 1 else "(height, width, channels)"
            raise BadParameter(f"{type(self).__name__} needs an input of shape {wanted}, got {shape}.")


@dataclass(frozen=True)
class Dense(Layer):
    """Every output from every input: ``activation(x @ kernel + bias)``."""

    units: int
    activation: str = "linear"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (units,)."""
        self._need(1, shape)
        return (self.units,)

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Return kernel (inputs, units) and bias."""
        return {"kernel": (shape[0], self.units), "bias": (self.units,)}


@dataclass(frozen=True)
class Conv2D(Layer):
    """Cross-correlation with `filters` kernels of `kernel` x `kernel`.

    Examples
    --------
    >>> Conv2D(8).output_shape((28, 28, 1)), Conv2D(8, stride=2, padding="valid").output_shape((28, 28, 1))
    ((28, 28, 8), (13, 13, 8))
    >>> Conv2D(8).weight_shapes((28, 28, 1))
    {'kernel': (3, 3, 1, 8), 'bias': (8,)}
    """

    filters: int
    kernel: int = 3
    stride: int = 1
    padding: Padding = "same"
    activation: str = "linear"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (height, width, filters), the sides divided by the stride, rounded up for "same"."""
        self._need(3, shape)
        return (*(_reduced(side, self.kernel, self.stride, self.padding) for side in shape[:2]), self.filters)

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Return kernel (height, width, inputs, filters) and bias."""
        return {"kernel": (self.kernel, self.kernel, shape[2], self.filters), "bias": (self.filters,)}


@dataclass(frozen=True)
class ConvTranspose2D(Layer):
    """The transpose of a convolution, which multiplies the sides by the stride."""

    filters: int
    kernel: int = 3
    stride: int = 2
    padding: Padding = "same"
    activation: str = "linear"

    def output_shape(self, shape: Shape) -> Shape:
        """Return (height, width, filters), the sides multiplied by the stride."""
        self._need(3, shape)
        more = max(self.kernel - self.stride, 0) if self.padding == "valid" else 0
        return (shape[0] * self.stride + more, shape[1] * self.stride + more, self.filters)

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Return kernel (height, width, filters, inputs) and bias."""
        return {"kernel": (self.kernel, self.kernel, self.filters, shape[2]), "bias": (self.filters,)}


@dataclass(frozen=True)
class MaxPool2D(Layer):
    """The largest value of each `size` x `size` window; the windows do not overlap.

    Examples
    --------
    >>> MaxPool2D().output_shape((7, 7, 8)), MaxPool2D(padding="valid").output_shape((7, 7, 8))
    ((4, 4, 8), (3, 3, 8))
    """

    size: int = 2
    padding: Padding = "same"

    def output_shape(self, shape: Shape) -> Shape:
        """Return the sides divided by `size`, rounded up for "same" and down for "valid"."""
        self._need(3, shape)
        return (*(_reduced(side, self.size, self.size, self.padding) for side in shape[:2]), shape[2])


@dataclass(frozen=True)
class UpSample2D(Layer):
    """Each pixel repeated `size` times in both directions."""

    size: int = 2

    def output_shape(self, shape: Shape) -> Shape:
        """Return the sides multiplied by `size`."""
        self._need(3, shape)
        return (shape[0] * self.size, shape[1] * self.size, shape[2])


@dataclass(frozen=True)
class Crop2D(Layer):
    """The first `height` rows and `width` columns; "same" padding put its extra ones at the end."""

    height: int
    width: int

    def output_shape(self, shape: Shape) -> Shape:
        """Return (height, width, channels)."""
        self._need(3, shape)
        if self.height > shape[0] or self.width > shape[1]:
            raise BadParameter(f"{self} is larger than its input of shape {shape}.")
        return (self.height, self.width, shape[2])


@dataclass(frozen=True)
class Flatten(Layer):
    """All values in a row, channels changing fastest."""

    def output_shape(self, shape: Shape) -> Shape:
        """Return (features,)."""
        return (prod(shape),)


@dataclass(frozen=True)
class Reshape(Layer):
    """The same values in another shape."""

    shape: Shape

    def output_shape(self, shape: Shape) -> Shape:
        """Return `shape`, if it holds as many values as the input."""
        if prod(shape) != prod(self.shape):
            raise BadParameter(f"{self} needs {prod(self.shape)} values, got {prod(shape)} in shape {shape}.")
        return self.shape


@dataclass(frozen=True)
class Activation(Layer):
    """A function of each value alone; softmax is over the channels or features."""

    activation: str


@dataclass(frozen=True)
class BatchNorm(Layer):
    """Each feature or channel normalised over the batch, then scaled and shifted (Ioffe, 2015).

    Outside training, running averages are used: ``momentum * old + (1 - momentum) * batch``, with the divisor
    n for the variance.
    """

    momentum: float = 0.9
    epsilon: float = 1e-3

    def weight_shapes(self, shape: Shape) -> dict[str, Shape]:
        """Return gamma and beta, which are learned, and the running mean and variance, which are not."""
        return dict.fromkeys(("gamma", "beta", "mean", "variance"), (shape[-1],))


@dataclass(frozen=True)
class Dropout(Layer):
    """In training, set each value to 0 with probability `rate`, and divide the others by ``1 - rate``."""

    rate: float


def _reduced(side: int, kernel: int, stride: int, padding: Padding) -> int:
    if padding == "same":
        return -(-side // stride)
    if side < kernel:
        raise BadParameter(f"a kernel of {kernel} x {kernel} without padding does not fit a side of {side}.")
    return (side - kernel) // stride + 1
