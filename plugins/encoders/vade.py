"""Variational deep embedding (Jiang, Zheng, Tan, Tang and Zhou, 2017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.mixture import GaussianMixture

from ..autoencoder.checks import above_zero, at_least, one_of
from ..autoencoder.value_range import Single
from ..deep import DeepClustering, Reconstructing, in_minutes

EPOCHS = 500


@dataclass(eq=False, repr=False, kw_only=True)
class VaDE(Reconstructing, DeepClustering):
    """Variational deep embedding: a variational autoencoder whose prior is a mixture of K Gaussians.

    As in the authors' code: an autoencoder gives the weights of the network, except those of a new layer for
    the log-variance of each code; a mixture with diagonal covariances on its codes gives means and variances,
    and the components have equal weights; network and mixture are trained by the evidence lower bound on one
    draw of the codes, with Adam at 0.002 (epsilon 1e-4) on batches of 100; every 10 epochs the rate falls by
    a tenth, to 0.0002 at least. Not as there:

    - `epochs` is 500 as theirs for MNIST, but at most what shows the network a million samples: 15 of 70,000;
      for pretraining see `pretrain_epochs`. Theirs was trained layer by layer.
    - Mixture weights are a softmax, and variances are kept as logarithms, so that they remain weights and
      variances; theirs are free numbers. Responsibilities are computed from logarithms; theirs have 1e-10
      added to each density, which flattens them where densities are small.
    - Clusters are assigned by the mean of a code; theirs by a draw.

    Parameters
    ----------
    epochs : int, optional
        After pretraining.
    learning_rate : float
        Of Adam.
    likelihood : {"bernoulli", "gaussian"}
        Of the samples, mapped to [0, 1]: cross-entropy of sigmoid outputs, as theirs for images, or squared
        error of linear ones, as theirs for others.
    scale : float
        Of the log-likelihood, their alpha: 1 for images.
    **params
        See `harness.plugins.deep.DeepClustering`; `n_init` is that of the mixture.

    Attributes
    ----------
    weights_, means_, variances_ : ndarray of shape (n_clusters,) and twice (n_clusters, latent), float32
        Of the mixture.

    References
    ----------
    Z. Jiang, Y. Zheng, H. Tan, B. Tang and H. Zhou, Variational deep embedding: an unsupervised and
    generative approach to clustering, 2017. Its code: github.com/slim1017/VaDE.

    Examples
    --------
    >>> VaDE().pretraining["loss"], VaDE(likelihood="gaussian").pretraining
    ('binary_crossentropy', {'output_activation': 'linear'})
    """

    batch_size: int = 100
    n_init: int = 1
    epochs: int | None = None
    learning_rate: float = 0.002
    likelihood: str = "bernoulli"
    scale: float = 1.0

    @property
    def pretraining(self) -> dict[str, Any]:
        """How the autoencoder is pretrained: for the same likelihood."""
        if self.likelihood == "gaussian":
            return {"output_activation": "linear"}
        return {"output_activation": "sigmoid", "loss": "binary_crossentropy"}

    def check_params(self) -> None:
        """Check also likelihood, scale, epochs and rate."""
        one_of("likelihood", self.likelihood, ("bernoulli", "gaussian"))
        super().check_params()
        above_zero("scale", self.scale)
        above_zero("learning_rate", self.learning_rate)
        if self.epochs is not None:
            at_least("epochs", self.epochs, 1)

    def start(self, codes: Single, seed: int) -> Any:
        """Fit the first mixture."""
        from ..deep.torch_vade import Network

        first = GaussianMixture(
            self.n_clusters, covariance_type="diag", n_init=self.n_init, random_state=seed
        ).fit(codes.astype(np.float64))
        epochs = self.epochs or in_minutes(EPOCHS, len(codes))
        return Network(
            *self.parts(epochs, learning_rate=self.learning_rate),
            means=first.means_,
            variances=first.covariances_,
            binary=self.likelihood == "bernoulli",
            scale=self.scale,
            seed=seed,
        )

    def keep(self, network: Any) -> int:
        """Store the mixture."""
        self.weights_, self.means_, self.variances_ = network.mixture()
        return network.n_own  # type: ignore[no-any-return]

    def assignments(self, codes: Single) -> Single:
        """Return the responsibility of each component for codes."""
        weighted = np.log(self.weights_) - 0.5 * np.log(self.variances_).sum(axis=1)
        squared = [
            ((codes - mean) ** 2 / variance).sum(axis=1)
            for mean, variance in zip(self.means_, self.variances_, strict=True)
        ]
        found: Single = softmax(weighted - 0.5 * np.stack(squared, axis=1), axis=1).astype(np.float32)
        return found
