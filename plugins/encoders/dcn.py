"""Deep clustering network (Yang, Fu, Sidiropoulos and Hong, 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.spatial.distance import cdist

from ..autoencoder.checks import above_zero, at_least
from ..autoencoder.value_range import Single
from ..deep import DeepClustering, Reconstructing, in_minutes

EPOCHS = 50


@dataclass(eq=False, repr=False, kw_only=True)
class DCN(Reconstructing, DeepClustering):
    """Deep clustering network: k-means in the codes, and codes that lie near their centres.

    As in the authors' code: a step of the network on a batch, for the squared error of the reconstruction and
    the squared distance of each code to the centre that it had last; then each code of the batch gets its
    nearest centre, which moves towards it by one over the number of codes that it has had (100 at first);
    every 10 epochs, and at last, k-means on all codes from these centres. Not as there:

    - Network: the authors' has tied weights, is trained layer by layer and then as a whole for 250 epochs
      each, and by SGD with Nesterov's momentum; here it is that of `dec`, by Adam.
    - `epochs` is 50 as theirs, but at most what shows the network a million samples: 15 of 70,000.
    - Their pixels go to 5.1, with weights 1 and 1 of the two squared errors; on pixels up to 1 that is a
      `weight` of 0.077. The paper names 0.05.

    Parameters
    ----------
    weight : float
        Lambda of the paper: the loss of a sample is the squared error of its reconstruction plus `weight` / 2
        times the squared distance of its code to its centre.
    epochs : int, optional
        After pretraining.
    learning_rate : float
        Of Adam, by default as in pretraining: at 0.0001 so few epochs hardly change the codes.
    **params
        See `harness.plugins.deep.DeepClustering`.

    Attributes
    ----------
    cluster_centers_ : ndarray of shape (n_clusters, latent), float32

    References
    ----------
    B. Yang, X. Fu, N. D. Sidiropoulos and M. Hong, Towards k-means-friendly spaces: simultaneous deep
    learning and clustering, 2017. Its code: github.com/boyangumn/DCN-New.

    Examples
    --------
    >>> DCN(weight=0).check_params()
    Traceback (most recent call last):
    harness.core.errors.BadParameter: weight must be a number above 0, got 0.
    """

    weight: float = 0.05
    epochs: int | None = None
    learning_rate: float = 1e-3

    def check_params(self) -> None:
        """Check also weight, epochs and rate."""
        super().check_params()
        above_zero("weight", self.weight)
        above_zero("learning_rate", self.learning_rate)
        if self.epochs is not None:
            at_least("epochs", self.epochs, 1)

    def start(self, codes: Single, seed: int) -> Any:
        """Find the first centres by k-means."""
        from ..deep.torch_dcn import Network

        epochs = self.epochs or in_minutes(EPOCHS, len(codes))
        parts = self.parts(epochs, learning_rate=self.learning_rate)
        return Network(*parts, **self.k_means(codes, seed), weight=self.weight)

    def keep(self, network: Any) -> int:
        """Store the centres."""
        self.cluster_centers_ = network.centres.cpu().numpy()
        return int(self.cluster_centers_.size)

    def assignments(self, codes: Single) -> Single:
        """Return 1 for the nearest centre of each code, and 0 for the others."""
        nearest = cdist(codes, self.cluster_centers_, "sqeuclidean").argmin(axis=1)
        found: Single = np.eye(len(self.cluster_centers_), dtype=np.float32)[nearest]
        return found
