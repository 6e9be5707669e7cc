"""Clustering by nearest neighbours of an embedding, SCAN (Van Gansbeke et al., 2020)."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.preprocessing import normalize

from harness import BadParameter, NotApplicable

from .._frame import safe_rows
from ..autoencoder.checks import above_zero, at_least, from_zero, one_of

Array = NDArray[Any]
PARTS = 20  # of the steps, whose mean losses are kept


class SCAN(ClusterMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Linear heads on the directions of samples, trained so that near neighbours get the same cluster.

    The loss is minus the log of the dot product of the assignments of a sample and one of its neighbours,
    minus `entropy_weight` times the entropy of the mean assignment, which holds for about equal sizes of the
    clusters. Of `n_heads` heads, trained on the same pairs, it keeps the one with the largest mutual
    information between the assignments of neighbours; no labels are needed.

    This is the authors' clustering step with the embedding left as it is. In their code the last layers of
    the network are trained too, on augmented images and with weight 5; of ten heads that of lowest loss is
    kept; and a last step, self-labelling, follows.

    Parameters
    ----------
    n_clusters : int
    n_heads : int
    n_neighbors : int
        Nearest neighbours, by the cosine, that a sample is paired with.
    pool : int
        At most so many samples, drawn at random, are trained on; neighbours are sought among them.
    steps, batch_size : int
        Steps, each on so many pairs.
    learning_rate : float
        Of Adam.
    entropy_weight : float
    device : {"auto", "cpu", "cuda", "mps"}
        "auto" is the first of PyTorch's devices that is there.
    random_state : int, optional
        Seed of pool, initial weights and pairs.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        0 is the largest cluster; one that stays empty comes last.
    coef_ : ndarray of shape (n_clusters, d)
    intercept_ : ndarray of shape (n_clusters,)
        The kept head, on samples of length 1.
    heads_ : ndarray of shape (n_heads,)
        Mutual information of each head, in nats, at most ``log(n_clusters)``.
    selection_ : dict
        The same with the number of the kept head, from 0.
    history_ : dict
        ``loss`` of the kept head, means over twenty equal parts of the steps.

    References
    ----------
    W. Van Gansbeke, S. Vandenhende, S. Georgoulis, M. Proesmans and L. Van Gool, SCAN: learning to classify
    images without labels, 2020.

    Examples
    --------
    >>> SCAN(10).fit(np.zeros((5, 2), dtype=np.float32))
    Traceback (most recent call last):
    harness.core.errors.NotApplicable: 5 samples are fewer than the 10 clusters
    """

    balanced = "classes of about equal size (soft)"
    slow = True

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        n_heads: int = 24,
        n_neighbors: int = 15,
        pool: int = 20_000,
        steps: int = 700,
        batch_size: int = 1000,
        learning_rate: float = 0.02,
        entropy_weight: float = 4.0,
        device: str = "auto",
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.n_heads = n_heads
        self.n_neighbors = n_neighbors
        self.pool = pool
        self.steps = steps
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.entropy_weight = entropy_weight
        self.device = device
        self.random_state = random_state

    def check_params(self) -> None:
        """Check what can be checked before any data is seen.

        Raises
        ------
        BadParameter
            Naming the parameter, what was given and what is allowed.
        """
        for name in ("n_clusters", "n_heads", "n_neighbors", "steps", "batch_size"):
            at_least(name, getattr(self, name), 1)
        at_least("pool", self.pool, 2)
        above_zero("learning_rate", self.learning_rate)
        from_zero("entropy_weight", self.entropy_weight)
        one_of("device", self.device, ("auto", "cpu", "cuda", "mps"))

    def fit(self, X: Array, y: None = None) -> Self:
        """Train heads on samples of shape (n, d), and label them by the one that is kept.

        Raises
        ------
        BadParameter
            If a parameter is out of range, or this machine has no such device.
        NotApplicable
            When there are fewer samples than clusters, or only one.
        """
        self.check_params()
        if len(X) < self.n_clusters:
            raise NotApplicable(f"{len(X)} samples are fewer than the {self.n_clusters} clusters")
        if len(X) < 2:
            raise NotApplicable("needs neighbours, and there is only 1 sample")
        rng = np.random.default_rng(self.random_state)
        rows = np.sort(rng.permutation(len(X))[: self.pool])
        self._train(_directions(X[rows]), int(rng.integers(2**63)))
        self.n_features_in_ = X.shape[1]
        self._number_by_size(X)
        self.labels_ = self.predict(X)
        return self

    def _train(self, X: NDArray[np.float32], seed: int) -> None:
        """Train the heads on samples of length 1, and keep one."""
        from . import _torch_heads as heads

        found = heads.train(
            X,
            device=self.device,
            seed=seed,
            shape=(self.n_heads, self.n_clusters),
            n_neighbors=min(self.n_neighbors, len(X) - 1),
            entropy_weight=self.entropy_weight,
            steps=self.steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
        )
        self.heads_ = found.information
        chosen = int(found.information.argmax())
        self.selection_ = {
            "criterion": "mutual information of neighbours",
            "values": self.heads_.tolist(),
            "chosen": chosen,
        }
        parts = np.array_split(found.losses[:, chosen], min(PARTS, self.steps))
        self.history_ = {"loss": [float(part.mean()) for part in parts]}
        self.coef_, self.intercept_ = found.weights[chosen], found.biases[chosen]

    def _number_by_size(self, X: Array) -> None:
        """Give the largest cluster of samples the number 0, so that empty ones leave no gap."""
        order = np.argsort(-np.bincount(self.predict(X), minlength=self.n_clusters), kind="stable")
        self.coef_, self.intercept_ = self.coef_[order], self.intercept_[order]

    def predict(self, X: Array) -> NDArray[np.int64]:
        """Return the most probable cluster of each sample, shape (n,)."""
        labels: NDArray[np.int64] = self._scores(X).argmax(axis=1)
        return labels

    def predict_proba(self, X: Array) -> Array:
        """Return the probability of each cluster for each sample, shape (n, n_clusters)."""
        from scipy.special import softmax

        probabilities: Array = softmax(self._scores(X), axis=1)
        return probabilities

    def _scores(self, X: Array) -> Array:
        if X.shape[1] != self.n_features_in_:
            raise BadParameter(
                f"samples must have shape (n, {self.n_features_in_}), as in fit, got {X.shape}."
            )
        scores: Array = _directions(X) @ self.coef_.T + self.intercept_
        return scores


def _directions(X: Array) -> NDArray[np.float32]:
    """Return samples of length 1; a sample of zeros stays one."""
    found: NDArray[np.float32] = normalize(safe_rows(X)).astype(np.float32)
    return found
