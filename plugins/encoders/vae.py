"""Variational autoencoder (Kingma and Welling, 2014)."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Self

import numpy as np

from harness import BadParameter

from ..autoencoder import DenseAutoencoder, Row, Summary
from ..autoencoder.checks import from_zero
from ..autoencoder.value_range import Floats


@dataclass(eq=False, repr=False, kw_only=True)
class VAE(DenseAutoencoder):
    """Variational autoencoder in PyTorch; the embedding is the mean of a sample's code.

    The encoder gives a mean and a log-variance for each value of the code, from which one code is drawn in
    each step; the prior is a standard normal distribution. The loss is the negative evidence lower bound, in
    nats per sample with ``loss="binary_crossentropy"``; with ``loss="mse"`` the features have a variance of
    a half. Not as in the paper: two hidden layers of ReLU in place of one of tanh, and Adam in place of
    Adagrad.

    Parameters
    ----------
    beta : float
        Weight of the divergence from the prior: 1 is the bound (Higgins et al., 2017, take more).
    **params
        See `harness.plugins.autoencoder.DenseAutoencoder`. The code must be linear, and the last layer.

    References
    ----------
    D. P. Kingma and M. Welling, Auto-encoding variational Bayes, 2014.

    Examples
    --------
    >>> print(VAE(layers=(32,), latent=4).summary(n_features=64))
    layer             output shape          parameters
    Input             (64,)                          0
    Dense             (32,)                      2,080
    Dense             (4,)                         132
    LogVariance       (4,)                         132
    Dense             (32,)                        160
    Dense             (64,)                      2,112
    total                                        4,616
    """

    layers: tuple[int, ...] = (500, 500)
    loss: str = "binary_crossentropy"
    beta: float = 1.0

    framework = "torch"
    slow: ClassVar[bool] = True

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on PyTorch."""
        from ..autoencoder import torch_variational

        return torch_variational

    def check_params(self) -> None:
        """Check also the weight of the divergence, and that the code is a mean."""
        super().check_params()
        from_zero("beta", self.beta)
        if self.code_activation != "linear":
            raise BadParameter(f"code_activation must be linear, as a mean is, got {self.code_activation!r}.")
        if self.code_layer not in (-1, len(self.layers)):
            raise BadParameter(f"code_layer must be -1, the layer of the mean, got {self.code_layer!r}.")

    def summary(self, n_features: int) -> Summary:
        """Return the layer table for samples of so many features."""
        architecture = self.architecture(n_features)
        rows, at = list(architecture.summary), architecture.code + 1
        rows.insert(at, Row("LogVariance", *rows[at - 1][1:]))
        return Summary(rows)

    def fit(self, X: Floats, y: None = None) -> Self:
        """Train on samples of shape (n, d), finite and of any range."""
        super().fit(X)
        self.summary_ = self.summary(X.shape[1])
        self.n_parameters_ = sum(row.n_parameters for row in self.summary_)
        return self

    def network(self) -> Any:
        """Return the network with the present weights in PyTorch."""
        known = hasattr(self, "_running")
        network: Any = super().network()
        if not known:
            seed = np.random.SeedSequence(self.random_state).spawn(5)[4]  # apart from those of `streams`
            network.set_up(self.beta, int(seed.generate_state(1)[0]))
        return network
