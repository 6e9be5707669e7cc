"""Layers of an autoencoder from its parameters, in blocks; the code can be read after any block."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Protocol

from harness import BadParameter

from .architecture import Architecture
from .layers import (
    Activation,
    BatchNorm,
    Conv2D,
    ConvTranspose2D,
    Crop2D,
    Dense,
    Dropout,
    Flatten,
    Layer,
    MaxPool2D,
    Padding,
    Reshape,
    Shape,
    UpSample2D,
)

Block = list[Layer]


class Settings(Protocol):
    """Parameters of an autoencoder that determine its layers; see `Autoencoder`."""

    latent: int | None
    code_layer: int
    activation: str
    code_activation: str
    output_activation: str
    dropout: float
    batch_normalization: bool


class DenseSettings(Settings, Protocol):
    """Parameters of fully connected layers; see `DenseAutoencoder`."""

    layers: tuple[int, ...]


class ConvSettings(Settings, Protocol):
    """Parameters of convolutions; see `ConvAutoencoder`."""

    filters: tuple[int, ...]
    kernel: int
    downsampling: str
    shrink: str


def dense_architecture(model: DenseSettings, n_features: int) -> Architecture:
    """Describe a dense autoencoder for samples with this number of features."""
    encoder = [_hidden(model, Dense(units, model.activation)) for units in model.layers]
    encoder.append([Dense(_latent(model), model.code_activation)])
    decoder = [_hidden(model, Dense(units, model.activation)) for units in reversed(model.layers)]
    decoder.append([Dense(n_features, model.output_activation)])
    return _joined(model, (n_features,), encoder, decoder)


def conv_architecture(model: ConvSettings, shape: Shape) -> Architecture:
    """Describe a convolutional autoencoder for images of this shape."""
    encoder: list[Block] = []
    sides = [shape]  # before each block, so that the decoder can return to them
    for number, filters in enumerate(model.filters, start=1):
        last = model.latent is None and number == len(model.filters)
        encoder.append(_down(model, filters, last))
        sides.append(_through(sides[-1], encoder[-1]))
    decoder: list[Block] = []
    if model.latent is not None:
        encoder.append([Flatten(), Dense(model.latent, model.code_activation)])
        decoder.append([*_hidden(model, Dense(prod(sides[-1]), model.activation)), Reshape(sides[-1])])
    up = _up_by_stride if model.downsampling == "stride" else _up_by_repeating
    return _joined(model, shape, encoder, [*decoder, *up(model, sides)])


def _joined(model: Settings, shape: Shape, encoder: list[Block], decoder: list[Block]) -> Architecture:
    """Put blocks together; the code is read after block `code_layer` of the encoder."""
    count = len(encoder)
    if isinstance(model.code_layer, bool) or model.code_layer not in range(-count, count):
        raise BadParameter(
            f"code_layer must be a whole number from {-count} to {count - 1}, as the encoder has {count} "
            f"layers, got {model.code_layer!r}."
        )
    code = sum(len(block) for block in encoder[: model.code_layer % count + 1])
    return Architecture(shape, tuple(layer for block in [*encoder, *decoder] for layer in block), code)


def _down(model: ConvSettings, filters: int, last: bool) -> Block:
    stride = 2 if model.downsampling == "stride" else 1
    activation = model.code_activation if last else model.activation
    convolution = Conv2D(filters, model.kernel, stride, activation=activation)
    block: Block = [convolution] if last else _hidden(model, convolution)
    return block if stride == 2 else [*block, MaxPool2D()]


def _up_by_stride(model: ConvSettings, sides: list[Shape]) -> list[Block]:
    """Mirror strided convolutions by transposed ones, each cropped to the size of the layer it mirrors."""
    if model.shrink != "crop":
        raise BadParameter('shrink="valid" needs downsampling="pool", got downsampling="stride".')
    blocks: list[Block] = []
    for (height, width, channels), below in zip(sides[-2::-1], sides[:0:-1], strict=True):
        out = len(blocks) == len(sides) - 2
        up = ConvTranspose2D(
            channels, model.kernel, 2, "same", model.output_activation if out else model.activation
        )
        block: Block = [up] if out else _hidden(model, up)
        blocks.append([*block, *_cropped((2 * below[0], 2 * below[1]), (height, width))])
    return blocks


def _up_by_repeating(model: ConvSettings, sides: list[Shape]) -> list[Block]:
    """Mirror pooling by repeated pixels.

    If pooling rounded a side up, the decoded image is too large. It is cropped at once; or, with
    ``shrink="valid"``, a convolution without padding removes the surplus as soon as that is possible.
    """
    blocks: list[Block] = []
    now = sides[-1]
    for filters, target in zip(reversed(model.filters), sides[:0:-1], strict=True):
        convolution = Conv2D(filters, model.kernel, 1, _padding(model, now, target), model.activation)
        block = [*_hidden(model, convolution), UpSample2D()]
        now = _through(now, block)
        if model.shrink == "crop":
            above = sides[len(sides) - len(blocks) - 2]
            block += _cropped(now[:2], above[:2])
            now = (*above[:2], now[2])
        blocks.append(block)
    last = Conv2D(sides[0][2], model.kernel, 1, _padding(model, now, sides[0]), model.output_activation)
    reached = last.output_shape(now)
    if reached != sides[0]:
        raise BadParameter(f'shrink="valid" gives shape {reached}, not {sides[0]}. Use shrink="crop".')
    return [*blocks, [last]]


def _padding(model: ConvSettings, now: Shape, target: Shape) -> Padding:
    surplus = min(now[0] - target[0], now[1] - target[1])
    return "valid" if model.shrink == "valid" and 0 < model.kernel - 1 <= surplus else "same"


def _cropped(now: tuple[int, ...], target: tuple[int, ...]) -> Block:
    return [] if now == target else [Crop2D(*target)]


def _hidden(model: Settings, layer: Dense | Conv2D | ConvTranspose2D) -> Block:
    """Add batch normalisation, between the layer and its activation, and dropout, if these are on."""
    block: Block = [layer]
    if model.batch_normalization:
        block = [replace(layer, activation="linear"), BatchNorm(), Activation(layer.activation)]
    return [*block, Dropout(model.dropout)] if model.dropout else block


def _latent(model: Settings) -> int:
    assert model.latent is not None, "checked before"
    return model.latent


def _through(shape: Shape, block: Block) -> Shape:
    for layer in block:
        shape = layer.output_shape(shape)
    return shape
