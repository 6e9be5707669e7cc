"""Student-t assignments sharpened against their own target, in PyTorch: the loss of DEC and IDEC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from ..autoencoder import torch_engine
from ..autoencoder.training import Batch, Floats


def student(codes: Tensor, centres: Tensor, alpha: float) -> Tensor:
    """Return the similarity of codes to centres by Student's t-distribution; rows add up to 1."""
    squared = ((codes[:, None] - centres) ** 2).sum(2)
    q = (1 + squared / alpha) ** (-(alpha + 1) / 2)
    return q / q.sum(1, keepdim=True)


def target(q: Tensor) -> Tensor:
    """Return the target of assignments of the whole set: squared, over the size of each cluster.

    Examples
    --------
    >>> target(torch.tensor([[0.9, 0.1], [0.6, 0.4]])).round(decimals=2).tolist()
    [[0.9599999785423279, 0.03999999910593033], [0.429999977350235, 0.5699999928474426]]
    """
    weight = q**2 / q.sum(0)
    return weight / weight.sum(1, keepdim=True)


class Network(torch_engine.Network):
    """An autoencoder with centres, trained by ``clustering * KL(p || q) + reconstruction * loss``.

    The target p is made of the assignments q of all samples, every `update_interval` steps; from then on it
    is constant. When fewer than `tol` of the labels have changed since the last time, training is over.

    Parameters
    ----------
    *args
        Those of the engine's `Network`.
    centres : ndarray of shape (n_clusters, latent)
    labels : ndarray of shape (n,)
        The first labels of the samples.
    alpha : float
        Degrees of freedom.
    clustering, reconstruction : float
        Weights of the two losses.
    update_interval, max_iter : int
        In steps.
    tol : float
    """

    def __init__(
        self,
        *args: Any,
        centres: Floats,
        labels: NDArray[np.integer[Any]],
        alpha: float,
        clustering: float,
        reconstruction: float,
        update_interval: int,
        max_iter: int,
        tol: float,
    ) -> None:
        super().__init__(*args)
        self.centres = nn.Parameter(torch.tensor(centres, dtype=torch.float32, device=self.device))
        self.optimizer.add_param_group({"params": [self.centres]})
        self.labels = torch.tensor(labels, dtype=torch.int64, device=self.device)
        self.alpha, self.clustering, self.reconstruction = alpha, clustering, reconstruction
        self.update_interval, self.max_iter, self.tol = update_interval, max_iter, tol
        self.n_steps, self.changes = 0, list[float]()

    def load(self, X: Floats) -> None:
        """Bring samples to the device, and make the first target."""
        super().load(X)
        if len(X):
            self.target = target(self._assignments())

    def train_epoch(self, batches: Iterator[Batch]) -> float:
        """Make a step on each batch until the labels have settled, and return the mean loss per sample."""
        return super().train_epoch(self._watched(batches))

    def batch_loss(self, batch: Batch) -> Tensor:
        """Return the mean loss per sample of a batch."""
        clean = self.rows(batch)
        codes = self.model.encode(clean)
        p = self.target[torch.from_numpy(batch.rows).to(self.device)]
        loss = self.clustering * F.kl_div(self._student(codes).log(), p, reduction="batchmean")
        if self.reconstruction:
            loss = loss + self.reconstruction * self.loss(self.model.decode(codes), clean)
        return loss

    def settled(self) -> bool:
        """Whether the labels have settled, or the steps are used up."""
        return self.converged() or self.n_steps >= self.max_iter

    def converged(self) -> bool:
        """Whether too few labels changed between the last two targets."""
        return bool(self.changes) and self.changes[-1] < self.tol

    def _watched(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield batches; what comes after each is done when its step has been made."""
        for batch in batches:
            yield batch
            self.n_steps += 1
            if self.n_steps % self.update_interval == 0:
                self._update()
            if self.settled():
                return

    def _update(self) -> None:
        q = self._assignments()
        labels = q.argmax(1)
        self.changes.append(int((labels != self.labels).sum()) / len(labels))
        self.labels, self.target = labels, target(q)

    @torch.no_grad()
    def _assignments(self) -> Tensor:
        """Return the assignments of all samples."""
        parts = torch.split(self.X, torch_engine.ROWS)
        return torch.cat([self._student(self.model.encode(part)) for part in parts])

    def _student(self, codes: Tensor) -> Tensor:
        return student(codes, self.centres, self.alpha)
