"""A whole autoencoder as a list of layers: shapes, counts and initial weights, without any framework."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from harness import BadParameter

from .layers import ACTIVATIONS, Layer, Shape

Weights = list[NDArray[np.float32]]
NOT_LEARNED = ("mean", "variance")


class Row(NamedTuple):
    """A line of the layer table."""

    layer: str
    output_shape: Shape
    n_parameters: int


class Summary(tuple[Row, ...]):
    """The layer table; printed as text with the total below."""

    def __str__(self) -> str:
        lines = [f"{'layer':<18}{'output shape':<20}{'parameters':>12}"]
        lines += [f"{row.layer:<18}{row.output_shape!s:<20}{row.n_parameters:>12,}" for row in self]
        return "\n".join([*lines, f"{'total':<38}{sum(row.n_parameters for row in self):>12,}"])


@dataclass(frozen=True)
class Architecture:
    """Layers from the input to its reconstruction.

    Parameters
    ----------
    input_shape : tuple
        (features,) or (height, width, channels).
    layers : tuple of Layer
        Encoder and decoder; the last has the shape of the input.
    code : int
        Number of layers before the code, which may be before the narrowest layer.

    Raises
    ------
    BadParameter
        If a layer cannot take the output of the one before, an activation is unknown, or the shape of the
        reconstruction is not that of the input.

    Examples
    --------
    >>> from harness.plugins.autoencoder import Dense
    >>> net = Architecture((784,), (Dense(32, "relu"), Dense(784, "sigmoid")), code=1)
    >>> net.n_parameters, net.code_shape
    (50992, (32,))
    >>> print(net.summary)
    layer             output shape          parameters
    Input             (784,)                         0
    Dense             (32,)                     25,120
    Dense             (784,)                    25,872
    total                                       50,992
    """

    input_shape: Shape
    layers: tuple[Layer, ...]
    code: int

    def __post_init__(self) -> None:
        for layer in self.layers:
            activation = getattr(layer, "activation", "linear")
            if activation not in ACTIVATIONS:
                raise BadParameter(
                    f"there is no activation {activation!r}. Activations: {', '.join(ACTIVATIONS)}."
                )
        if self.shapes[-1] != self.input_shape:
            raise BadParameter(
                f"the reconstruction must have the input's shape {self.input_shape}, got {self.shapes[-1]}."
            )
        if not 0 < self.code < len(self.layers):
            raise BadParameter(
                f"the code must be the output of layer 1 to {len(self.layers) - 1}, got {self.code}."
            )

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of the input, then of each layer's output."""
        shapes = [self.input_shape]
        for layer in self.layers:
            shapes.append(layer.output_shape(shapes[-1]))
            if min(shapes[-1]) < 1:
                raise BadParameter(f"{layer} has an output of shape {shapes[-1]}: sides must be at least 1.")
        return tuple(shapes)

    @property
    def code_shape(self) -> Shape:
        """The shape of a sample's code."""
        return self.shapes[self.code]

    @cached_property
    def weight_shapes(self) -> tuple[dict[str, Shape], ...]:
        """For each layer, the shapes of its weights by name."""
        return tuple(
            layer.weight_shapes(shape) for layer, shape in zip(self.layers, self.shapes, strict=False)
        )

    @property
    def n_parameters(self) -> int:
        """Number of weights, including those that are not learned."""
        return sum(row.n_parameters for row in self.summary)

    @cached_property
    def summary(self) -> Summary:
        """The layer table, with a first line for the input."""
        counts = [0, *(sum(map(prod, shapes.values())) for shapes in self.weight_shapes)]
        names = ["Input", *(type(layer).__name__ for layer in self.layers)]
        return Summary(map(Row, names, self.shapes, counts))

    def initial_weights(self, rng: np.random.Generator) -> Weights:
        """Draw weights for all layers, in order.

        Kernels are uniform with a variance of ``2 / (fan_in + fan_out)`` (Glorot and Bengio, 2010); biases
        are 0, and batch normalisation is initially the identity.
        """
        return [_draw(name, shape, rng) for names in self.weight_shapes for name, shape in names.items()]

    def split(self, weights: Weights) -> list[dict[str, NDArray[np.float32]]]:
        """Return a flat list of weights as one mapping by name for each layer."""
        ends = np.cumsum([0, *map(len, self.weight_shapes)]).tolist()
        parts = (weights[start:end] for start, end in pairwise(ends))
        return [
            dict(zip(names, part, strict=True)) for names, part in zip(self.weight_shapes, parts, strict=True)
        ]


def _draw(name: str, shape: Shape, rng: np.random.Generator) -> NDArray[np.float32]:
    if name != "kernel":
        return np.full(shape, name in ("gamma", "variance"), dtype=np.float32)
    window = prod(shape[:-2])
    limit = np.sqrt(6 / (window * (shape[-2] + shape[-1])))
    return rng.uniform(-limit, limit, shape).astype(np.float32)
