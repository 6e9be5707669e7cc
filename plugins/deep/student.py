"""What DEC and IDEC share: centres among the codes, and assignments that are trained to be sharp."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from ..autoencoder.checks import above_zero, at_least, share
from ..autoencoder.value_range import Single
from .deep_clustering import DeepClustering


@dataclass(eq=False, repr=False, kw_only=True)
class StudentClustering(DeepClustering):
    """Student-t assignments q of codes to centres, trained towards a target p that is sharper than they are.

    The target is made of the assignments of all samples every `update_interval` steps. Training stops when
    from one target to the next fewer than `tol` of the labels have changed, at the latest after `max_iter`
    steps, which is told by a warning.

    Parameters
    ----------
    alpha : float
        Degrees of freedom of the t-distribution.
    update_interval, max_iter : int
        In steps, each on one batch.
    tol : float
        Share of the samples.
    learning_rate : float
    **params
        See `DeepClustering`.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, latent), float32
    changes_ : list of float
        Share of the labels that changed from each target to the next.
    """

    alpha: float = 1.0
    update_interval: int = 140
    max_iter: int = 4_000
    tol: float = 1e-3
    learning_rate: float = 0.01

    @abstractmethod
    def weights(self) -> dict[str, Any]:
        """Return the weights of the losses ``clustering`` and ``reconstruction``."""

    @abstractmethod
    def optimizer(self) -> dict[str, Any]:
        """Return the optimizer with its parameters, as `Training` has them."""

    def check_params(self) -> None:
        """Check also those of the assignments."""
        super().check_params()
        above_zero("alpha", self.alpha)
        above_zero("learning_rate", self.learning_rate)
        at_least("update_interval", self.update_interval, 1)
        at_least("max_iter", self.max_iter, 1)
        share("tol", self.tol)

    def start(self, codes: Single, seed: int) -> Any:
        """Find the first centres by k-means."""
        from .torch_student import Network

        epochs = -(-self.max_iter // -(-len(codes) // self.batch_size))
        return Network(
            *self.parts(epochs, **self.optimizer()),
            **self.k_means(codes, seed),
            **self.weights(),
            alpha=self.alpha,
            update_interval=self.update_interval,
            max_iter=self.max_iter,
            tol=self.tol,
        )

    def keep(self, network: Any) -> int:
        """Store the centres."""
        self.cluster_centers_ = network.centres.detach().cpu().numpy()
        self.changes_ = network.changes
        if not network.converged():
            last = f", and {self.changes_[-1]:.2%} of the labels changed at last" if self.changes_ else ""
            warnings.warn(
                f"not converged after max_iter={self.max_iter} steps{last}: tol is {self.tol:.2%}. Raise "
                "max_iter.",
                stacklevel=3,
            )
        return int(self.cluster_centers_.size)

    def assignments(self, codes: Single) -> Single:
        """Return the similarities of codes to the centres; rows add up to 1."""
        squared = cdist(codes, self.cluster_centers_, "sqeuclidean")
        q = (1 + squared / self.alpha) ** (-(self.alpha + 1) / 2)
        found: Single = (q / q.sum(axis=1, keepdims=True)).astype(np.float32)
        return found
