"""Autoencoders as scikit-learn style transformers; a subclass selects the framework."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from harness import BadParameter, NotApplicable

from .architecture import Architecture, Weights
from .blocks import conv_architecture, dense_architecture
from .checks import at_least, check_training, one_of, share, warn_if_dead, whole_numbers
from .layers import ACTIVATIONS
from .training import Network, Training, streams, train
from .value_range import Floats, Single, ValueRange


@dataclass(eq=False, repr=False, kw_only=True)
class Autoencoder(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Base class of dense and convolutional autoencoders.

    The network gets samples mapped to [0, 1] by one linear map for all features, learned on the fitted rows.
    So the unit and offset of the samples do not matter, and a sigmoid can reconstruct them.

    Parameters
    ----------
    latent : int
        Size of the narrowest layer.
    code_layer : int
        Encoder layer whose output is the code: -1 the last, -2 the one before it, or counted from 0.
    activation, code_activation, output_activation : str
        Activations of the hidden layers, of the last layer of the encoder, and of the reconstruction.
    loss, optimizer, learning_rate, momentum, weight_decay : str or float
    batch_size, epochs, validation_fraction, patience, noise : int or float
        See `Training`.
    dropout : float
        Share of the hidden values set to 0 in training.
    batch_normalization : bool
        Whether hidden layers are normalised over the batch, before their activation.
    device : {"auto", "cpu", "cuda", "mps"}
        "auto" is the first available device of the framework.
    random_state : int, optional
        Seed of initial weights, split, order, noise and dropout.

    Attributes
    ----------
    history_ : dict
        ``loss`` and ``validation_loss``, one value per epoch, of the mapped samples.
    range_ : ValueRange
        The smallest and largest fitted value, mapped to 0 and 1.
    n_iter_ : int
        Number of epochs trained.
    best_epoch_ : int
        The epoch, from 1, whose weights were kept.
    architecture_ : Architecture
    summary_ : Summary
        The layer table; print it.
    n_parameters_ : int
    weights_ : list of ndarray
        In the layout of the architecture, for any framework.
    """

    latent: int | None = 10
    code_layer: int = -1
    activation: str = "relu"
    code_activation: str = "linear"
    output_activation: str = "sigmoid"
    loss: str = "mse"
    optimizer: str = "adam"
    learning_rate: float | None = None
    momentum: float = 0.9
    weight_decay: float = 0.01
    batch_size: int = 128
    epochs: int = 50
    validation_fraction: float = 0.1
    patience: int | None = None
    noise: float = 0.0
    dropout: float = 0.0
    batch_normalization: bool = False
    device: str = "auto"
    random_state: int | None = None

    framework: ClassVar[str] = ""  # the package that the engine needs, as pip names it

    @classmethod
    @abstractmethod
    def engine(cls) -> Any:
        """Import the framework's engine, a module with `Network` and `devices`."""

    @abstractmethod
    def architecture(self, n_features: int) -> Architecture:
        """Describe the network for samples with this number of features."""

    @property
    def training(self) -> Training:
        """The parameters of the training loop."""
        return Training(**{each.name: getattr(self, each.name) for each in fields(Training)})

    def check_params(self) -> None:
        """Check the parameters as far as possible without data.

        Raises
        ------
        BadParameter
            If a parameter is invalid; it names the parameter, the given value and the allowed values.
        """
        if self.latent is not None:
            at_least("latent", self.latent, 1)
        for name in ("activation", "code_activation", "output_activation"):
            one_of(name, getattr(self, name), ACTIVATIONS)
        share("dropout", self.dropout)
        one_of("device", self.device, ("auto", "cpu", "cuda", "mps"))
        check_training(self.training, self.output_activation)

    def fit(self, X: Floats, y: None = None) -> Self:
        """Train on samples of shape (n, d), finite and of any range.

        Raises
        ------
        BadParameter
            If a parameter is out of range, or the device is not available.
        HarnessError
            If training diverges.
        """
        self.check_params()
        self.__dict__.pop("_running", None)  # from an earlier fit
        self.range_ = ValueRange.of(X)
        self.architecture_ = self.architecture(X.shape[1])
        generators = streams(self.random_state)
        mapped = self.range_.to_unit(X)
        self.weights_ = self.first_weights(mapped, generators[0])
        network = self.network()
        history = train(network, mapped, self.architecture_, self.training, generators)
        self.weights_ = network.weights()
        self.history_, self.n_iter_, self.best_epoch_ = history.as_dict(), len(history.loss), history.best + 1
        self.summary_, self.n_parameters_ = self.architecture_.summary, self.architecture_.n_parameters
        self.n_features_in_ = X.shape[1]
        warn_if_dead(self.transform(X))
        return self

    def first_weights(self, X: Single, rng: np.random.Generator) -> Weights:
        """Return the weights to start from, for samples as the network sees them."""
        return self.architecture_.initial_weights(rng)

    def transform(self, X: Floats) -> Single:
        """Return the codes of samples of shape (n, d): shape (n, k), float32."""
        return self.network().encode(self._checked(X))

    def reconstruct(self, X: Floats) -> Floats:
        """Return samples of shape (n, d) as decoded from their codes, in the units and dtype of X."""
        return self.range_.from_unit(self.network().reconstruct(self._checked(X)), X.dtype)

    def set_weights(self, weights: Weights) -> None:
        """Put other weights in the fitted network, laid out as in the architecture."""
        self.weights_ = weights
        self.network().set_weights(weights)

    def _checked(self, X: Floats) -> Single:
        """Check the shape of samples, and return them as the network gets them."""
        check_is_fitted(self)
        if X.ndim != 2 or X.shape[1] != self.n_features_in_:
            raise BadParameter(
                f"samples must have shape (n, {self.n_features_in_}), as in fit, got {X.shape}."
            )
        return self.range_.to_unit(X)

    def network(self) -> Network:
        """Return the framework's network with the current weights."""
        if not hasattr(self, "_running"):
            engine, device = self.engine(), self.usable_device()
            self._running = engine.Network(self.architecture_, self.weights_, self.training, device)
        running: Network = self._running
        return running

    def usable_device(self) -> str:
        """Return the device to use, the framework's best one for "auto"."""
        found: list[str] = self.engine().devices()
        if self.device not in ("auto", *found):
            raise BadParameter(
                f"device {self.device!r} is not available in {self.framework}, which has "
                f"{', '.join(found)}. Use device='auto'."
            )
        return found[0] if self.device == "auto" else self.device

    def __getstate__(self) -> dict[str, Any]:
        """Leave the framework's objects out of copies and pickles; they are rebuilt from the weights."""
        return {name: value for name, value in super().__getstate__().items() if name != "_running"}


@dataclass(eq=False, repr=False, kw_only=True)
class DenseAutoencoder(Autoencoder):
    """Fully connected layers, the decoder mirroring the encoder (Hinton and Salakhutdinov, 2006).

    Parameters
    ----------
    layers : tuple of int
        Sizes of the encoder's hidden layers, before the narrowest.
    **params
        See `Autoencoder`.
    """

    layers: tuple[int, ...] = (512, 256, 128)

    def check_params(self) -> None:
        """Also check the sizes of the layers."""
        super().check_params()
        whole_numbers("layers", self.layers)
        if self.latent is None:
            raise BadParameter("latent must be a whole number of at least 1, got None.")
        self.architecture(1)

    def architecture(self, n_features: int) -> Architecture:
        """Describe the network for samples with this number of features."""
        return dense_architecture(self, n_features)


@dataclass(eq=False, repr=False, kw_only=True)
class ConvAutoencoder(Autoencoder):
    """Convolutions that halve the image, and a decoder that mirrors them (Masci et al., 2011).

    Parameters
    ----------
    filters : tuple of int
        Channels after each halving.
    kernel : int
        Side of the kernels, in pixels.
    downsampling : {"stride", "pool"}
        Strided convolutions, mirrored by transposed ones; or max-pooling, mirrored by repeated pixels.
    shrink : {"crop", "valid"}
        How the decoder corrects a side that was rounded up: by cropping, or, after pooling, by a convolution
        without padding.
    image_shape : tuple (height, width, channels)
        Shape of the images; set by the harness.
    **params
        See `Autoencoder`.
    """

    filters: tuple[int, ...] = (16, 32)
    kernel: int = 3
    downsampling: str = "stride"
    shrink: str = "crop"
    image_shape: tuple[int, int, int] | None = None

    def check_params(self) -> None:
        """Also check filters, kernel, downsampling and shrink."""
        super().check_params()
        whole_numbers("filters", self.filters)
        if not self.filters:
            raise BadParameter("filters must name at least one layer, got ().")
        at_least("kernel", self.kernel, 1)
        one_of("downsampling", self.downsampling, ("stride", "pool"))
        one_of("shrink", self.shrink, ("crop", "valid"))
        if self.image_shape is not None:
            self.architecture(math.prod(self.image_shape))

    def architecture(self, n_features: int) -> Architecture:
        """Describe the network for images of `image_shape`.

        Raises
        ------
        NotApplicable
            If the samples are not images.
        """
        if self.image_shape is None:
            raise NotApplicable(
                "a convolutional autoencoder needs images, and these samples have no image_shape; "
                "use a dense autoencoder"
            )
        if math.prod(self.image_shape) != n_features:
            raise BadParameter(f"image_shape {self.image_shape} does not match {n_features} features.")
        shape = tuple(int(side) for side in self.image_shape)
        return conv_architecture(self, shape)
