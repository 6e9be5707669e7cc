"""A Gaussian code for each sample instead of a point, in PyTorch: the loss of the variational autoencoder."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from . import torch_engine
from .architecture import Weights
from .layers import Dropout
from .torch_engine import ROWS, devices
from .training import Batch, Floats

__all__ = ["Network", "devices"]


class Network(torch_engine.Network):
    """An autoencoder whose code is a mean, beside a new layer for its log-variance, from the same inputs.

    The new layer starts at 0: a variance of 1, that of the prior. The loss is the negative evidence lower
    bound per sample: the sum of the errors over the features, and `beta` times the divergence from the prior.
    """

    beta = 1.0

    def __init__(self, *args: Any) -> None:
        architecture = args[0]
        self.layer = architecture.code - 1
        inputs, outputs = (architecture.shapes[self.layer + at][0] for at in (0, 1))
        self.spread = [nn.Parameter(torch.zeros(shape)) for shape in ((inputs, outputs), (outputs,))]
        super().__init__(*args)
        for each in self.spread:
            each.data = each.data.to(self.device)
        self.optimizer.add_param_group({"params": self.spread})
        self.n_features = architecture.shapes[0][0]
        self.in_encoder = sum(isinstance(each, Dropout) for each in architecture.layers[: self.layer])

    def set_up(self, beta: float, seed: int) -> None:
        """Set the weight of the divergence, and the seed of the draws of codes."""
        self.beta, self.rng = beta, np.random.default_rng(seed)

    def batch_loss(self, batch: Batch) -> Tensor:
        """Return the mean loss per sample of a batch, by one draw of each code."""
        clean = self.rows(batch)
        noisy = clean if batch.noise is None else clean + self._here(batch.noise)
        masks = tuple(self._here(mask) for mask in batch.masks)
        mean, log_variance = self._codes(noisy, masks[: self.in_encoder])
        drawn = self._here(self.rng.standard_normal(tuple(mean.shape), dtype=np.float32))
        codes = mean + (log_variance / 2).exp() * drawn
        return self._bound(codes, clean, mean, log_variance, masks[self.in_encoder :])

    @torch.no_grad()
    def evaluate(self, rows: NDArray[np.int64]) -> float:
        """Return the mean loss of these rows, with the mean of each code."""
        self.model.eval()
        total = torch.zeros((), device=self.device)
        for at in range(0, len(rows), ROWS):
            clean = self.X[torch.from_numpy(rows[at : at + ROWS]).to(self.device)]
            mean, log_variance = self._codes(clean, ())
            total += self._bound(mean, clean, mean, log_variance, ()) * len(clean)
        return float(total) / len(rows)

    def weights(self) -> Weights:
        """Return a copy of the weights, those of the new layer last."""
        own: list[Floats] = [each.detach().cpu().numpy().copy() for each in self.spread]
        return [*super().weights(), *own]

    def set_weights(self, weights: Weights) -> None:
        """Put weights in place; those of the new layer may be left out."""
        n = len(self.model.weights())
        super().set_weights(weights[:n])
        for each, value in zip(self.spread, weights[n:], strict=False):
            each.data.copy_(torch.as_tensor(value))

    def _codes(self, rows: Tensor, masks: tuple[Tensor, ...]) -> tuple[Tensor, Tensor]:
        """Return mean and log-variance of the codes of samples."""
        hidden = self.model.between(rows, 0, self.layer, masks)
        mean = self.model.between(hidden, self.layer, self.layer + 1)
        return mean, torch.addmm(self.spread[1], hidden, self.spread[0])

    def _bound(
        self, codes: Tensor, clean: Tensor, mean: Tensor, log_variance: Tensor, masks: tuple[Tensor, ...]
    ) -> Tensor:
        steps = len(self.model.steps)
        error = self.loss(self.model.between(codes, self.layer + 1, steps, masks), clean) * self.n_features
        divergence = (log_variance.exp() + mean**2 - 1 - log_variance).sum(1).mean() / 2
        bound: Tensor = error + self.beta * divergence
        return bound
