"""Gaussian mixture of clusters of equal size: its responsibilities are balanced (Cuturi, 2013)."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.mixture import GaussianMixture as SklearnMixture

from .._frame import Frame
from .._numbers import check_choice
from ._balance import balanced, log_shares
from ._full_mixture import FullMixture
from ._regularisation import ARRAYS, regularisation
from ._reported_steps import ReportedSteps

Array = NDArray[Any]
STARTS = 10  # rounds of k-means with equal masses before the first densities
UNEVEN = 0.05  # of its share: what the mass of a cluster differs by more than this is told


class _Balanced:
    """The expectation step under the condition that all components have the same mass."""

    offsets_: Array | None = None
    uneven_: float = 0.0

    def _initialize(self, X: Array, resp: Array, *args: Any, **kwargs: Any) -> None:
        self.offsets_ = None
        super()._initialize(X, _even_start(X, resp), *args, **kwargs)  # type: ignore[misc]

    def _estimate_log_prob_resp(self, X: Array, xp: Any = None) -> tuple[Array, Array]:
        scores = self._estimate_log_prob(X).astype(np.float64)  # type: ignore[attr-defined]
        self.offsets_, self.uneven_ = balanced(scores, self.offsets_)
        norms, log_resp = log_shares(scores + self.offsets_)
        return norms - np.log(scores.shape[1]), log_resp.astype(X.dtype)

    def _get_parameters(self) -> tuple[Any, ...]:
        return *super()._get_parameters(), self.offsets_  # type: ignore[misc]

    def _set_parameters(self, params: tuple[Any, ...], xp: Any = None) -> None:
        super()._set_parameters(params[:-1])  # type: ignore[misc]
        self.offsets_ = params[-1]


def _even_start(X: Array, resp: Array) -> Array:
    """Return responsibilities of the same mass for each component, by k-means whose clusters share it.

    From clusters of unequal size, densities would be so far apart that balancing moves hardly any sample.
    """
    offsets: Array | None = None
    means = resp.T @ X / np.maximum(resp.sum(axis=0), 1e-6)[:, None]
    for _ in range(STARTS):
        squares = cdist(X, means, "sqeuclidean")
        spread = float(squares.min(axis=1).mean()) / X.shape[1] or 1.0
        scores = squares / (-2 * spread)
        offsets, _ = balanced(scores, offsets)
        even = np.exp(log_shares(scores + offsets)[1]).astype(X.dtype)
        means = even.T @ X / even.sum(axis=0)[:, None]
    return even


class _Full(_Balanced, FullMixture):
    pass


class _Other(_Balanced, ReportedSteps, SklearnMixture):  # type: ignore[misc]  # scikit-learn has no types
    _parameter_constraints: ClassVar = {**SklearnMixture._parameter_constraints, **ARRAYS}


class BalancedGaussianMixture(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """A mixture of `n_clusters` Gaussians that all have the same mass: prior knowledge that classes do, too.

    The responsibilities are those that fit the densities best among all whose sum is the same for each
    component: every expectation step adds an offset to the log-density of each, the one that Sinkhorn's
    algorithm converges to. Clusters then have equal sizes, except for samples shared by several components.

    Parameters
    ----------
    n_clusters : int
        Number of components.
    covariance_type : {"full", "tied"}
    tol, max_iter, n_init, init_params
        As in `sklearn.mixture.GaussianMixture`.
    reg_covar : float, optional
        As in `gmm`.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
    means_ : ndarray of shape (n_clusters, d)
    offsets_ : ndarray of shape (n_clusters,)
        What is added to log-densities, for new samples too.
    lower_bound_ : float
        What the fit maximises, in nats per sample: the expected log-likelihood plus the entropy of the
        responsibilities.
    n_iter_ : int

    Notes
    -----
    Where the classes differ in size, clusters are cut or merged to equal sizes. Compare with `gmm`.

    References
    ----------
    M. Cuturi, Sinkhorn distances: lightspeed computation of optimal transport, 2013. R. Sinkhorn,
    Diagonal equivalence to matrices with prescribed row and column sums, 1967.

    Examples
    --------
    >>> X = np.repeat([[0.0], [8.0]], [100, 200], axis=0) + np.random.default_rng(0).normal(size=(300, 1))
    >>> model = BalancedGaussianMixture(2, random_state=0).fit(X)
    >>> model.predict_proba(X).sum(axis=0).round(-1).tolist()
    [150.0, 150.0]
    """

    balanced: ClassVar[str] = "classes of equal size (hard)"

    slow: ClassVar[bool] = True  # knows the sizes of classes: `--all` leaves it to `--slow`

    def __init__(
        self,
        n_clusters: int = 8,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float | None = None,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        random_state: int | None = None,
    ) -> None:
        self.n_clusters = n_clusters
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.random_state = random_state

    def check_params(self) -> None:
        """Refuse a wrong type of covariance before anything runs.

        Raises
        ------
        BadParameter
        """
        check_choice(self, covariance_type=("full", "tied"))

    def fit(self, X: Array, y: None = None) -> BalancedGaussianMixture:
        """Fit the mixture to samples of shape (n, d)."""
        self.check_params()
        self.frame_ = Frame.of(X)
        X = self.frame_.inside(X)
        params = self.get_params(deep=False)
        params["reg_covar"] = regularisation(self.reg_covar, self.frame_, X.dtype)
        kind = _Full if self.covariance_type == "full" else _Other
        self.model_ = kind(params.pop("n_clusters"), **params)
        self.labels_ = np.asarray(self.model_.fit_predict(X), dtype=np.int64)
        if self.model_.uneven_ > UNEVEN:
            warnings.warn(
                f"the mass of a cluster differs from its share by {self.model_.uneven_:.0%}: clusters are so "
                "far apart that balancing did not converge. Raise reg_covar.",
                stacklevel=2,
            )
        self.offsets_ = self.model_.offsets_
        self.lower_bound_ = float(self.model_.lower_bound_) - self.frame_.log_volume
        self.means_ = self.frame_.outside(self.model_.means_)
        self.n_iter_ = self.model_.n_iter_
        self.n_features_in_ = self.model_.n_features_in_
        return self

    def _scores(self, X: Array) -> Array:
        log_prob: Array = self.model_._estimate_log_prob(self.frame_.inside(X)).astype(np.float64)
        log_prob += self.offsets_
        return log_prob

    def predict(self, X: Array) -> NDArray[np.int64]:
        """Return the most probable component of each sample, shape (n,); new ones are not balanced."""
        labels: NDArray[np.int64] = self._scores(X).argmax(axis=1)
        return labels

    def predict_proba(self, X: Array) -> Array:
        """Return the probability of each component for each sample, shape (n, n_clusters)."""
        return np.exp(log_shares(self._scores(X))[1])
