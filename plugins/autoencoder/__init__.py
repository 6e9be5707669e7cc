"""Autoencoders: one framework-independent description, one training loop, and an engine per framework."""

from .architecture import Architecture, Row, Summary
from .estimators import Autoencoder, ConvAutoencoder, DenseAutoencoder
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
    Reshape,
    UpSample2D,
)
from .training import Batch, History, Network, Training, streams, train
from .value_range import ValueRange

__all__ = [
    "Activation",
    "Architecture",
    "Autoencoder",
    "Batch",
    "BatchNorm",
    "Conv2D",
    "ConvAutoencoder",
    "ConvTranspose2D",
    "Crop2D",
    "Dense",
    "DenseAutoencoder",
    "Dropout",
    "Flatten",
    "History",
    "Layer",
    "MaxPool2D",
    "Network",
    "Reshape",
    "Row",
    "Summary",
    "Training",
    "UpSample2D",
    "ValueRange",
    "streams",
    "train",
]
