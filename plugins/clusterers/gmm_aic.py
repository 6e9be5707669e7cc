"""Gaussian mixture with the K of the lowest AIC (Akaike, 1974)."""

from __future__ import annotations

from ._mixture_sweep import MixtureSweep


class MixtureAIC(MixtureSweep):
    """Chooses the number of components with the lowest Akaike information criterion.

    Penalises each free parameter by 1, and tends to choose more components than BIC.

    Parameters
    ----------
    k_min, k_max : int
        The range of K.
    k_values : list of int, optional
        The values of K, instead of a range.
    covariance_type, tol, reg_covar, max_iter, n_init, init_params, random_state
        As in `gmm`.

    Attributes
    ----------
    labels_ : ndarray of shape (n,), int64
    n_clusters_ : int
    selection_ : dict
        The curve and the choice: see `docs/choosing-k.md`.

    References
    ----------
    H. Akaike, A new look at the statistical model identification, 1974.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> MixtureAIC(k_max=6, random_state=0).fit(X).n_clusters_
    3
    """

    criterion = "aic"
