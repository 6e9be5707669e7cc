"""K-means in the codes while they are trained, in PyTorch: steps of DCN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from torch import Tensor

from ..autoencoder import torch_engine
from ..autoencoder.training import Batch, Floats

FIRST_COUNT = 100.0  # of each centre, so that the first samples do not carry it away
EPOCHS = 10  # after which, as after the last, centres and labels are brought up to date on all samples


class Network(torch_engine.Network):
    """An autoencoder with centres, trained by ``|x' - x|^2 + weight / 2 * |z - centre of x|^2``.

    Parameters
    ----------
    *args
        Those of the engine's `Network`.
    centres : ndarray of shape (n_clusters, latent)
    labels : ndarray of shape (n,)
        The first labels of the samples.
    weight : float
    """

    def __init__(self, *args: Any, centres: Floats, labels: NDArray[np.integer[Any]], weight: float) -> None:
        super().__init__(*args)
        self.centres = torch.tensor(centres, dtype=torch.float32, device=self.device)
        self.labels = torch.tensor(labels, dtype=torch.int64, device=self.device)
        self.counts = torch.full((len(centres),), FIRST_COUNT, device=self.device)
        self.weight, self.n_epochs = weight, 0

    def train_epoch(self, batches: Iterator[Batch]) -> float:
        """Make a step on each batch, move the centres after it, and return the mean loss per sample."""
        loss = super().train_epoch(self._followed(batches))
        self.n_epochs += 1
        if self.n_epochs % EPOCHS == 0 or self.n_epochs == self.training.epochs:
            self._update()
        return loss

    def batch_loss(self, batch: Batch) -> Tensor:
        """Return the mean loss per sample of a batch, from the labels that its samples had last."""
        clean = self.rows(batch)
        codes = self.model.encode(clean)
        wanted = self.centres[self.labels[torch.from_numpy(batch.rows).to(self.device)]]
        error = ((self.model.decode(codes) - clean) ** 2).sum(1)
        return (error + self.weight / 2 * ((codes - wanted) ** 2).sum(1)).mean()

    def _followed(self, batches: Iterator[Batch]) -> Iterator[Batch]:
        """Yield batches; after the step on each, label its samples anew and move their centres."""
        for batch in batches:
            yield batch
            with torch.no_grad():
                codes = self.model.encode(self.rows(batch))
                labels = ((codes[:, None] - self.centres) ** 2).sum(2).argmin(1)
                self.labels[torch.from_numpy(batch.rows).to(self.device)] = labels
                self._move(codes, labels)

    def _move(self, codes: Tensor, labels: Tensor) -> None:
        """Move centres by 1 / count for each sample in turn, which is the mean of all so far."""
        mine = torch.nn.functional.one_hot(labels, len(self.centres)).to(codes.dtype)
        counts = self.counts + mine.sum(0)
        self.centres = (self.centres * self.counts[:, None] + mine.T @ codes) / counts[:, None]
        self.counts = counts

    def _update(self) -> None:
        """Set centres and labels to those that k-means on all codes finds from the present centres."""
        codes = self.encode(self.X.cpu().numpy())
        found = KMeans(len(self.centres), init=self.centres.cpu().numpy(), n_init=1).fit(codes)
        self.centres = torch.tensor(found.cluster_centers_, dtype=torch.float32, device=self.device)
        self.labels = torch.tensor(found.labels_, dtype=torch.int64, device=self.device)
