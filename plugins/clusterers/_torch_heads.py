"""Linear heads trained side by side on pairs of neighbours, in PyTorch."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from harness import report_progress

from ..autoencoder.torch_engine import usable_device

CELLS = 2**25  # numbers that are held at once: 128 MB
TINY = 1e-12  # so that a pair that agrees in nothing has a finite loss


class Trained(NamedTuple):
    """Weights (heads, clusters, d), biases (heads, clusters), information (heads,), losses (steps, heads)."""

    weights: NDArray[np.float32]
    biases: NDArray[np.float32]
    information: NDArray[np.float32]
    losses: NDArray[np.float32]


def train(
    rows: NDArray[np.float32],
    *,
    device: str,
    seed: int,
    shape: tuple[int, int],
    n_neighbors: int,
    entropy_weight: float,
    **steps: Any,
) -> Trained:
    """Train heads on samples of length 1, shape (n, d).

    Parameters
    ----------
    rows : ndarray of shape (n, d)
    device : str
    seed : int
        Of initial weights and pairs, drawn on the processor, so that every device sees the same.
    shape : tuple of int
        How many heads there are, and clusters.
    n_neighbors : int
    entropy_weight : float
    **steps
        `steps`, `batch_size` and `learning_rate`.
    """
    X = torch.tensor(rows, device=usable_device(device))
    near = nearest(X, n_neighbors)
    heads = Heads(X, shape, torch.Generator().manual_seed(seed), entropy_weight)
    losses = heads.train(X, near, **steps)
    weights, biases = (each.view(*heads.shape, -1).transpose(0, 1) for each in (heads.weight, heads.bias))
    parts = weights, biases.squeeze(2), heads.information(X, near), losses
    return Trained(*(part.detach().cpu().numpy() for part in parts))


class Heads:
    """Several linear maps to K clusters, as one product: each is trained as if it were alone."""

    def __init__(
        self, X: Tensor, shape: tuple[int, int], generator: torch.Generator, entropy_weight: float
    ) -> None:
        self.shape, self.generator, self.entropy_weight = (
            shape[::-1],
            generator,
            entropy_weight,
        )  # clusters first
        outputs = shape[0] * shape[1]
        drawn = torch.rand(outputs, X.shape[1], generator=generator)
        self.weight = ((2 * drawn - 1) / X.shape[1] ** 0.5).to(X.device).requires_grad_()
        self.bias = torch.zeros(outputs, device=X.device, requires_grad=True)

    def train(self, X: Tensor, near: Tensor, steps: int, batch_size: int, learning_rate: float) -> Tensor:
        """Make steps on random pairs of a row and one of its neighbours; return the losses (steps, heads)."""
        optimizer = torch.optim.Adam([self.weight, self.bias], learning_rate)
        losses = []
        for step in range(steps):
            report_progress(step, steps, "heads")
            rows, which = (
                torch.randint(high, (batch_size,), generator=self.generator).to(X.device)
                for high in near.shape
            )
            loss = self._losses(X[torch.cat([rows, near[rows, which]])])
            optimizer.zero_grad(set_to_none=True)
            loss.sum().backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            losses.append(loss.detach())
        return torch.stack(losses)

    def _losses(self, both: Tensor) -> Tensor:
        """Return each head's loss: the two of a pair should agree, and clusters be of equal size."""
        found = self._assignments(both)
        first, second = found.chunk(2)
        mean = found.mean(0)
        entropy = -torch.xlogy(mean, mean).sum(0)
        return -((first * second).sum(1) + TINY).log().mean(0) - self.entropy_weight * entropy

    def _assignments(self, rows: Tensor) -> Tensor:
        """Return the probability of each cluster by each head, shape (n, clusters, heads).

        The sums over clusters take a third of the time that they would take along the last axis.
        """
        return F.linear(rows, self.weight, self.bias).view(-1, *self.shape).softmax(1)

    @torch.no_grad()
    def information(self, X: Tensor, near: Tensor) -> Tensor:
        """Return, for each head, the mutual information of the assignments of neighbours, in nats."""
        found = self._assignments(X)
        joint = sum(torch.einsum("nkh,nlh->hkl", found, found[column]) for column in near.T)
        assert isinstance(joint, Tensor)
        joint = (joint + joint.mT) / (2 * near.numel())
        alone = joint.sum(2)
        expected = alone[:, :, None] * alone[:, None, :]
        return (torch.xlogy(joint, joint) - torch.xlogy(joint, expected)).sum((1, 2))


def nearest(X: Tensor, k: int) -> Tensor:
    """Return the k rows of the largest cosine for each row of length 1, itself left out, shape (n, k)."""
    step, found = max(1, CELLS // len(X)), []
    for start in range(0, len(X), step):
        report_progress(start, len(X), "neighbours")
        cosines = X[start : start + step] @ X.T
        cosines.diagonal(start).fill_(-torch.inf)
        found.append(cosines.topk(k).indices)
    return torch.cat(found)
