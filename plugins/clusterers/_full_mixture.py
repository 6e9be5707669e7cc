"""scikit-learn's mixture with full covariances, in one third to two thirds of the time.

Both steps skip work that cannot change the result. In many dimensions nearly every responsibility is
exactly zero, and such rows add nothing to a covariance. Covariances are symmetric and their factors
triangular, so BLAS routines need half the multiplications.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, get_blas_funcs, solve_triangular
from sklearn.mixture import GaussianMixture

from ._regularisation import ARRAYS
from ._reported_steps import ReportedSteps

Array = NDArray[Any]


class FullMixture(ReportedSteps, GaussianMixture):  # type: ignore[misc]  # scikit-learn has no types
    """`sklearn.mixture.GaussianMixture` with ``covariance_type="full"``: the same steps, up to rounding.

    Examples
    --------
    >>> X = np.random.default_rng(0).normal(size=(60, 3))
    >>> slow, fast = (kind(2, random_state=0).fit(X) for kind in (GaussianMixture, FullMixture))
    >>> bool(np.allclose(slow.means_, fast.means_)), slow.n_iter_ == fast.n_iter_
    (True, True)
    """

    _parameter_constraints: ClassVar = {**GaussianMixture._parameter_constraints, **ARRAYS}

    def _m_step(self, X: Array, log_resp: Array, xp: Any = None) -> None:
        resp = np.exp(log_resp)
        sizes = resp.sum(axis=0) + 10 * np.finfo(resp.dtype).eps
        self.means_ = resp.T @ X / sizes[:, None]
        self.weights_ = sizes / sizes.sum()
        self.covariances_ = np.stack(
            [_covariance(X, *each, self.reg_covar) for each in zip(resp.T, self.means_, sizes, strict=True)]
        )
        self.precisions_cholesky_ = np.stack([_precision_factor(each) for each in self.covariances_])

    def _estimate_log_prob(self, X: Array, xp: Any = None) -> Array:
        n, d = X.shape
        log_prob = np.empty((n, self.n_components), dtype=X.dtype)
        for k, (mean, factor) in enumerate(zip(self.means_, self.precisions_cholesky_, strict=True)):
            trmm = get_blas_funcs("trmm", (X, factor))
            # (X - mean) @ factor, written column-major for BLAS: factor.T is lower triangular.
            scaled = trmm(1.0, factor.T, (X - mean).T, lower=1, overwrite_b=1)
            log_prob[:, k] = np.einsum("ij,ij->j", scaled, scaled)
            log_prob[:, k] -= 2 * np.log(np.diagonal(factor)).sum()
        return -0.5 * (d * np.log(2 * np.pi).astype(X.dtype) + log_prob)  # type: ignore[no-any-return]


def _covariance(X: Array, resp: Array, mean: Array, size: Any, reg_covar: Any) -> Array:
    rows = np.flatnonzero(resp)
    scaled = (X[rows] - mean) * np.sqrt(resp[rows])[:, None]
    covariance = get_blas_funcs("syrk", (scaled,))(1.0, scaled.T)  # the upper triangle
    covariance = np.triu(covariance) + np.triu(covariance, 1).T
    covariance /= size
    covariance.flat[:: len(mean) + 1] += reg_covar
    return covariance  # type: ignore[no-any-return]


def _precision_factor(covariance: Array) -> Array:
    try:
        factor = cholesky(covariance, lower=True)
    except np.linalg.LinAlgError:
        raise ValueError(
            "a component's covariance is singular: it has collapsed on too few or identical samples. "
            "Lower n_clusters, raise reg_covar, or use float64 samples."
        ) from None
    unit = np.eye(len(covariance), dtype=covariance.dtype)
    inverse: Array = solve_triangular(factor, unit, lower=True).T
    return np.ascontiguousarray(inverse)
