"""Stacked autoencoder: pretrained layer by layer, then as a whole (Vincent et al., 2010)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from harness import BadParameter

from ..autoencoder import Architecture, Dense, Dropout, streams, train
from ..autoencoder.architecture import Weights
from ..autoencoder.checks import at_least, share
from ..autoencoder.value_range import Single
from .dense_ae_torch import DenseAETorch


@dataclass(eq=False, repr=False, kw_only=True)
class StackedAE(DenseAETorch):
    """Dense autoencoder in PyTorch that is pretrained layer by layer, as that of DEC.

    Each layer of the encoder, with its mirror image in the decoder, is trained by itself to restore the codes
    of the layer before it from corrupted ones: a share of its inputs, and of its outputs, is set to 0 at
    random. Then the whole network is trained on samples as they are. This is how the authors of DEC (Xie et
    al., 2016) pretrain, with corruption of 0.2, SGD, 50,000 steps a layer and 100,000 at the end; here
    training is as long as for other autoencoders.

    Parameters
    ----------
    layer_epochs : int
        Epochs of each layer; `epochs` are those of the whole.
    corruption : float
        Share that is set to 0.
    **params
        See `harness.plugins.autoencoder.DenseAutoencoder`.

    References
    ----------
    P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio and P.-A. Manzagol, Stacked denoising autoencoders, 2010.

    Examples
    --------
    >>> model = StackedAE(layers=(32,), latent=4)
    >>> print(model.layer(1, 32).summary)
    layer             output shape          parameters
    Input             (32,)                          0
    Dropout           (32,)                          0
    Dense             (4,)                         132
    Dropout           (4,)                           0
    Dense             (32,)                        160
    total                                          292
    """

    layers: tuple[int, ...] = (500, 500, 2000)
    output_activation: str = "linear"
    batch_size: int = 256
    layer_epochs: int = 10
    corruption: float = 0.2

    slow: ClassVar[bool] = True

    def check_params(self) -> None:
        """Check also the epochs of a layer and the corruption."""
        super().check_params()
        at_least("layer_epochs", self.layer_epochs, 1)
        share("corruption", self.corruption)
        if self.batch_normalization:
            raise BadParameter(
                "batch_normalization must be False, as layers are trained one by one, got True."
            )

    def layer(self, number: int, n_inputs: int) -> Architecture:
        """Describe how a layer of the encoder, numbered from 0, is pretrained."""
        units = [*self.layers, self.latent or 0]
        hidden = self.activation if number < len(self.layers) else self.code_activation
        output = self.activation if number else self.output_activation
        corrupted = Dropout(self.corruption)
        layers = (corrupted, Dense(units[number], hidden), corrupted, Dense(n_inputs, output))
        return Architecture((n_inputs,), layers, code=2)

    def first_weights(self, X: Single, rng: np.random.Generator) -> Weights:
        """Pretrain layer by layer on samples in [0, 1], and return the weights of the whole network."""
        training = replace(self.training, epochs=self.layer_epochs, loss="mse")
        encoder: Weights = []
        decoder: Weights = []
        for number in range(len(self.layers) + 1):
            architecture = self.layer(number, X.shape[1])
            generators = streams(int(rng.integers(2**32)))
            first = architecture.initial_weights(generators[0])
            network = self.engine().Network(architecture, first, training, self.usable_device())
            train(network, X, architecture, training, generators)
            found = network.weights()
            encoder, decoder = [*encoder, *found[:2]], [*found[2:], *decoder]
            X = network.encode(X)
        return [*encoder, *decoder]
