"""Gaussian mixture with the K of the lowest ICL (Biernacki et al., 2000)."""

from __future__ import annotations

from ._mixture_sweep import MixtureSweep


class MixtureICL(MixtureSweep):
    """Chooses the number of components with the lowest integrated completed likelihood.

    BIC plus twice the entropy of the assignments: it also penalises samples without a clear component,
    so overlapping components tend to count as one cluster.

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
    C. Biernacki, G. Celeux and G. Govaert, Assessing a mixture model for clustering with the integrated
    completed likelihood, 2000.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).normal(size=(90, 2)) * 0.1 + np.repeat(np.eye(3, 2) * 4, 30, axis=0)
    >>> MixtureICL(k_max=6, random_state=0).fit(X).n_clusters_
    3
    """

    criterion = "icl"
