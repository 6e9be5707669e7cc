"""Gaussian mixture with a Dirichlet process prior, which leaves components empty (Blei and Jordan, 2006)."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.mixture import BayesianGaussianMixture as SklearnMixture

from harness import NotApplicable

from .._frame import Frame
from ._regularisation import ARRAYS, regularisation
from ._reported_steps import ReportedSteps


class _Mixture(ReportedSteps, SklearnMixture):  # type: ignore[misc]  # scikit-learn has no types
    _parameter_constraints: ClassVar = {**SklearnMixture._parameter_constraints, **ARRAYS}


class BayesianGaussianMixture(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """scikit-learn's variational mixture of `k_max` components; empty components are dropped.

    Parameters
    ----------
    k_max : int
        Maximum number of components.
    weight_concentration_prior : float, optional
        Concentration of the Dirichlet process: lower values give fewer components; by default 1 / `k_max`.
    covariance_type : {"full", "tied", "diag", "spherical"}
    tol, max_iter, n_init, init_params
        As in `sklearn.mixture.BayesianGaussianMixture`.
    reg_covar : float, optional
        Added to the variances, in squared units of the samples. By default 1e-6 of the squared width
        (maximum minus minimum) of the widest feature, at most 2e-5 of their mean variance;
        for a feature less than a thousandth as wide, at most 1e-2 of its own variance. So units do not
        matter, and pixels from 0 to 1 get scikit-learn's 1e-6.
    random_state : int, optional

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
        The cluster of each sample: components with samples, numbered by decreasing weight.
    n_clusters_ : int
        Number of components with samples.
    selection_ : dict
        ``criterion``, "weight"; ``k``, 1 to `k_max`, and as ``values`` the weights of the components,
        decreasing; ``chosen``; and ``edge``, true if all components have samples.

    References
    ----------
    D. M. Blei and M. I. Jordan, Variational inference for Dirichlet process mixtures, 2006.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> BayesianGaussianMixture(k_max=6, random_state=0).fit(X).n_clusters_
    3
    """

    def __init__(
        self,
        k_max: int = 20,
        weight_concentration_prior: float | None = None,
        covariance_type: str = "full",
        tol: float = 1e-3,
        reg_covar: float | None = None,
        max_iter: int = 100,
        n_init: int = 1,
        init_params: str = "kmeans",
        random_state: int | None = None,
    ) -> None:
        self.k_max = k_max
        self.weight_concentration_prior = weight_concentration_prior
        self.covariance_type = covariance_type
        self.tol = tol
        self.reg_covar = reg_covar
        self.max_iter = max_iter
        self.n_init = n_init
        self.init_params = init_params
        self.random_state = random_state

    def fit(self, X: NDArray[Any], y: None = None) -> BayesianGaussianMixture:
        """Fit the mixture to samples of shape (n, d)."""
        params = self.get_params(deep=False)
        k_max = min(params.pop("k_max"), len(X))
        self.frame_ = Frame.of(X)  # in double precision: nearly empty components are near singular
        X = self.frame_.inside(X, np.float64)
        params["reg_covar"] = regularisation(self.reg_covar, self.frame_, X.dtype)
        try:
            self.model_ = _Mixture(n_components=k_max, **params).fit(X)
        except ValueError as error:
            if "ill-defined" not in str(error):
                raise
            raise NotApplicable(
                f"components collapse on few or equal samples: lower k_max={k_max}, or raise reg_covar "
                f"from {np.max(params['reg_covar']) * self.frame_.unit**2:.3g}"
            ) from None
        self.order_ = np.argsort(-self.model_.weights_)
        found = np.unique(self._ranks(self.model_.predict(X)), return_inverse=True)
        self.kept_, self.labels_ = found[0], found[1].astype(np.int64)
        self.n_clusters_, self.n_features_in_ = len(self.kept_), X.shape[1]
        self.lower_bound_, self.n_iter_ = self._bound(k_max), int(self.model_.n_iter_)
        full = self.n_clusters_ == k_max
        self.selection_ = {
            "criterion": "weight",
            "k": [*range(1, k_max + 1)],
            "values": self.model_.weights_[self.order_].tolist(),
            "chosen": self.n_clusters_,
            "edge": full,
        }
        if full:
            warnings.warn(
                f"all {k_max} components own samples: allow more, for example k_max={2 * k_max}", stacklevel=2
            )
        return self

    def predict(self, X: NDArray[Any]) -> NDArray[np.int64]:
        """Return for each sample the most probable of the components with fitted samples, shape (n,)."""
        return np.asarray(self.predict_proba(X).argmax(axis=1), dtype=np.int64)

    def predict_proba(self, X: NDArray[Any]) -> NDArray[Any]:
        """Return the probability of each component with fitted samples, shape (n, n_clusters_)."""
        owned = self.model_.predict_proba(self.frame_.inside(X, np.float64))[:, self.order_[self.kept_]]
        total = owned.sum(axis=1, keepdims=True)
        even = np.full_like(owned, 1 / owned.shape[1])  # for samples that belong only to empty components
        probabilities: NDArray[Any] = np.divide(owned, total, out=even, where=total > 0)
        return probabilities

    def _bound(self, k_max: int) -> float:
        """Return the lower bound in the units of the samples."""
        degrees = float(np.broadcast_to(self.model_.degrees_of_freedom_, k_max).sum())
        bound = float(np.squeeze(self.model_.lower_bound_))  # for tied covariances it is an array of one
        return bound - degrees * self.frame_.log_volume

    def _ranks(self, components: NDArray[Any]) -> NDArray[Any]:
        ranks: NDArray[Any] = np.argsort(self.order_)[components]
        return ranks
