"""A variational autoencoder whose prior is a Gaussian mixture, in PyTorch: the loss of VaDE."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..autoencoder import torch_engine
from ..autoencoder.training import EPSILON, Batch, Floats

DECAY, EVERY, LEAST = 0.9, 10, 0.1  # of the learning rate: factor, epochs, and least share of the first rate


def log_joint(codes: Tensor, log_weights: Tensor, means: Tensor, log_variances: Tensor) -> Tensor:
    """Return the log of weight times density of each diagonal component for codes, shape (n, n_clusters)."""
    squared = (codes[:, None] - means) ** 2 / log_variances.exp()
    return log_weights - 0.5 * (math.log(2 * math.pi) + log_variances + squared).sum(2)


class Network(torch_engine.Network):
    """An autoencoder with a variance for each code and a mixture of the codes, trained by the ELBO.

    Parameters
    ----------
    *args
        Those of the engine's `Network`.
    means, variances : ndarray of shape (n_clusters, latent)
        Of the first mixture; all weights are equal.
    binary : bool
        Whether the likelihood is that of Bernoulli variables, else the squared error.
    scale : float
        Of the log-likelihood.
    seed : int
        Of the head for the variances, and of the noise on the codes.
    """

    epsilon = 1e-4

    def __init__(
        self,
        *args: Any,
        means: Floats,
        variances: Floats,
        binary: bool,
        scale: float,
        seed: int,
    ) -> None:
        super().__init__(*args)
        self.binary, self.scale, self.n_epochs = binary, scale, 0
        self.rng = np.random.default_rng(seed)
        self.layer = self.model.architecture.code - 1  # whose inputs are those of the new layer too
        inputs, outputs = (self.model.architecture.shapes[self.layer + at][0] for at in (0, 1))
        limit = math.sqrt(6 / (inputs + outputs))
        self.head = self._parameter(self.rng.uniform(-limit, limit, (inputs, outputs)))
        self.bias = self._parameter(np.zeros(outputs))
        self.logits = self._parameter(np.zeros(len(means)))
        self.means = self._parameter(means)
        self.log_variances = self._parameter(np.log(variances))
        own = [self.head, self.bias, self.logits, self.means, self.log_variances]
        self.optimizer.add_param_group({"params": own})
        self.n_own = sum(each.numel() for each in own)
        self.first_rate = self.optimizer.param_groups[0]["lr"]

    def train_epoch(self, batches: Iterator[Batch]) -> float:
        """Make a step on each batch, and return the mean loss per sample; the rate falls every ten epochs."""
        rate = self.first_rate * max(DECAY ** (self.n_epochs // EVERY), LEAST)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.n_epochs += 1
        return super().train_epoch(batches)

    def batch_loss(self, batch: Batch) -> Tensor:
        """Return the mean negative ELBO per sample of a batch, by one draw of the codes."""
        clean = self.rows(batch)
        hidden = self.model.between(clean, 0, self.layer)
        mean = self.model.between(hidden, self.layer, self.layer + 1)
        log_variance = hidden @ self.head + self.bias
        noise = self._here(self.rng.standard_normal(mean.shape, dtype=np.float32))
        codes = mean + (log_variance / 2).exp() * noise
        loss = self.scale * self._error(self.model.decode(codes), clean)
        return (loss + self._divergence(codes, mean, log_variance)).mean()

    def mixture(self) -> tuple[Floats, Floats, Floats]:
        """Return weights, means and variances of the mixture."""
        parts = self.logits.softmax(0), self.means, self.log_variances.exp()
        weights, means, variances = (each.detach().cpu().numpy() for each in parts)
        return weights, means, variances

    def _error(self, output: Tensor, clean: Tensor) -> Tensor:
        if not self.binary:
            return ((output - clean) ** 2).sum(1)
        p = output.clamp(EPSILON, 1 - EPSILON)
        return -(clean * p.log() + (1 - clean) * (1 - p).log()).sum(1)

    def _divergence(self, codes: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
        """Return KL(q(z, c | x) || p(z, c)) by sample; c is assigned by the drawn codes."""
        log_weights = self.logits.log_softmax(0)
        log_gamma = log_joint(codes, log_weights, self.means, self.log_variances).log_softmax(1)
        gamma = log_gamma.exp()
        spread = (log_variance.exp()[:, None] + (mean[:, None] - self.means) ** 2) / self.log_variances.exp()
        prior = 0.5 * (self.log_variances + spread).sum(2)
        return (gamma * (prior - log_weights + log_gamma)).sum(1) - 0.5 * (1 + log_variance).sum(1)

    def _parameter(self, value: Any) -> nn.Parameter:
        return nn.Parameter(torch.tensor(value, dtype=torch.float32, device=self.device))
