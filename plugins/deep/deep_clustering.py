"""Deep clustering as scikit-learn style transformers: pretrain, find first clusters, train both further."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.cluster import KMeans
from sklearn.utils.validation import check_is_fitted

from harness import NotApplicable

from ..autoencoder import DenseAutoencoder, Training, streams, train
from ..autoencoder.checks import at_least
from ..autoencoder.value_range import Floats, Single

PRETRAIN_EPOCHS = 300  # those of the authors of DEC
SEEN = 1_000_000  # samples, each as often as it is seen: then an epoch count by default is cut


class Pretrained(DenseAutoencoder):
    """The dense autoencoder in PyTorch that all methods start from."""

    framework = "torch"

    @classmethod
    def engine(cls) -> ModuleType:
        """Import the engine on PyTorch."""
        from ..autoencoder import torch_engine

        return torch_engine


@dataclass(eq=False, repr=False, kw_only=True)
class DeepClustering(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What the deep clustering methods share: an encoder, and a clusterer by `labels_` and `predict`.

    The network sees samples mapped to [0, 1] by one line for all features, as every autoencoder here, so the
    unit and the offset of the samples change nothing.

    Parameters
    ----------
    n_clusters : int
        Number of clusters K; set by the harness.
    layers : tuple of int
        Sizes of the encoder's hidden layers; the decoder mirrors them.
    latent : int
        Size of the codes.
    pretrain_epochs : int, optional
        Epochs of the autoencoder alone, with Adam at 0.001. By default 300, or where it is less as many as
        show it a million samples: 15 of 70,000.
    batch_size : int
    n_init : int
        Runs of the clustering of the pretrained codes that gives the first clusters; the best is kept.
    device : {"auto", "cpu", "cuda", "mps"}
    random_state : int, optional
        Seed of initial weights, order of samples, first clusters and noise.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The cluster of each fitted sample according to the method itself.
    history_ : dict
        ``pretrain_loss`` and ``loss``, one value per epoch.
    n_iter_ : int
        Number of epochs after pretraining.
    autoencoder_ : DenseAutoencoder
        The autoencoder with its final weights.
    summary_ : Summary
        The layer table of the autoencoder, to be printed.
    n_parameters_ : int
        Of the autoencoder and the clusters.
    """

    n_clusters: int = 10
    layers: tuple[int, ...] = (500, 500, 2000)
    latent: int = 10
    pretrain_epochs: int | None = None
    batch_size: int = 256
    n_init: int = 20
    device: str = "auto"
    random_state: int | None = None

    slow: ClassVar[bool] = True

    @property
    def pretraining(self) -> dict[str, Any]:
        """Parameters of the autoencoder that the method decides."""
        return {"output_activation": "linear"}

    @abstractmethod
    def start(self, codes: Single, seed: int) -> Any:
        """Find the first clusters of the pretrained codes, of shape (n, latent), by `seed`.

        Returns
        -------
        Network
            Of the pretrained weights and the clusters, with the `training` that it is to get.
        """

    @abstractmethod
    def keep(self, network: Any) -> int:
        """Store the clusters of the trained network, and return how many parameters they have."""

    @abstractmethod
    def assignments(self, codes: Single) -> Single:
        """Return the membership of codes in the clusters, shape (n, n_clusters); rows add up to 1."""

    def check_params(self) -> None:
        """Check what can be checked before any data is seen.

        Raises
        ------
        BadParameter
            Naming the parameter, what was given and what is allowed.
        """
        at_least("n_clusters", self.n_clusters, 1)
        if self.pretrain_epochs is not None:
            at_least("pretrain_epochs", self.pretrain_epochs, 1)
        at_least("n_init", self.n_init, 1)
        self._autoencoder(1).check_params()

    def fit(self, X: Floats, y: None = None) -> Self:
        """Train on samples of shape (n, d), finite and of any range.

        Raises
        ------
        BadParameter
            If a parameter is out of range, or this machine has no such device.
        NotApplicable
            When there are fewer samples than clusters.
        HarnessError
            When training diverges.
        """
        self.check_params()
        if len(X) < self.n_clusters:
            raise NotApplicable(
                f"needs at least as many samples as clusters, got {len(X)} samples for "
                f"n_clusters={self.n_clusters}"
            )
        # The first four are those of pretraining, which is that of a dense-ae-torch of the same seed.
        seeds = np.random.SeedSequence(self.random_state).spawn(5)[4].generate_state(2).tolist()
        self.autoencoder_ = self._autoencoder(len(X)).fit(X)
        mapped = self.autoencoder_.range_.to_unit(X)
        network = self.start(self.autoencoder_.transform(X), seeds[0])
        architecture = self.autoencoder_.architecture_
        settled = getattr(network, "settled", lambda: False)
        history = train(network, mapped, architecture, network.training, streams(seeds[1]), settled)
        self.autoencoder_.set_weights(network.weights())
        self.n_parameters_ = self.autoencoder_.n_parameters_ + self.keep(network)
        self.history_ = {"pretrain_loss": self.autoencoder_.history_["loss"], "loss": history.loss}
        self.n_iter_, self.summary_ = len(history.loss), self.autoencoder_.summary_
        self.n_features_in_ = X.shape[1]
        self.labels_ = self.predict(X)
        return self

    def transform(self, X: Floats) -> Single:
        """Return the codes of samples of shape (n, d): shape (n, latent), float32."""
        check_is_fitted(self)
        return self.autoencoder_.transform(X)

    def predict(self, X: Floats) -> NDArray[np.int64]:
        """Return the cluster of each sample according to the method itself, shape (n,)."""
        labels: NDArray[np.int64] = self.predict_proba(X).argmax(axis=1)
        return labels

    def predict_proba(self, X: Floats) -> Single:
        """Return the membership of samples in the clusters, shape (n, n_clusters)."""
        return self.assignments(self.transform(X))

    def parts(self, epochs: int, **params: Any) -> tuple[Any, ...]:
        """Return what an engine's network is made of: the pretrained autoencoder, and how to train it."""
        found, network = self.autoencoder_, self.autoencoder_.network()
        device = network.device.type  # type: ignore[attr-defined]  # of PyTorch's network
        training = Training(batch_size=self.batch_size, epochs=epochs, validation_fraction=0, **params)
        return found.architecture_, found.weights_, training, device

    def k_means(self, codes: Single, seed: int) -> dict[str, Any]:
        """Return the first ``centres``, and the ``labels`` by them."""
        found = KMeans(self.n_clusters, n_init=self.n_init, random_state=seed).fit(codes)
        return {"centres": found.cluster_centers_, "labels": found.labels_}

    def _autoencoder(self, n: int) -> Pretrained:
        return Pretrained(
            layers=self.layers,
            latent=self.latent,
            epochs=self.pretrain_epochs or in_minutes(PRETRAIN_EPOCHS, n),
            batch_size=self.batch_size,
            validation_fraction=0,
            device=self.device,
            random_state=self.random_state,
            **self.pretraining,
        )


class Reconstructing:
    """Of a method that trains the decoder to the end, so that reconstructions mean something."""

    autoencoder_: Pretrained

    def reconstruct(self, X: Floats) -> Floats:
        """Return samples of shape (n, d) as decoded from their codes, in the units and dtype of X."""
        check_is_fitted(self)
        return self.autoencoder_.reconstruct(X)


def in_minutes(epochs: int, n: int) -> int:
    """Return as many epochs, or fewer where the network would see more than a million samples.

    Examples
    --------
    >>> in_minutes(300, 1_797), in_minutes(300, 70_000), in_minutes(50, 70_000)
    (300, 15, 15)
    """
    return min(epochs, -(-SEEN // n))
