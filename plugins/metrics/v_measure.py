"""Harmonic mean of homogeneity and completeness (Rosenberg and Hirschberg, 2007)."""

from __future__ import annotations

import math

from sklearn.metrics import v_measure_score

from harness import BadParameter, metric

from ._types import Floats, Labels


@metric(
    direction="higher",
    low=0,
    high=1,
    needs=("truth",),
    source="Rosenberg and Hirschberg 2007",
    symmetric=True,
)
def v_measure(truth: Labels, labels: Labels, embedding: Floats | None, *, beta: float = 1.0) -> float:
    """Return the weighted harmonic mean of homogeneity and completeness.

    With `beta` 1 it is equal to `nmi` with the arithmetic mean.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as one more group.
    embedding : None
        Not used.
    beta : float
        Weight of completeness, above 0; above 1, completeness counts more than homogeneity.

    Returns
    -------
    float
        Higher is better, from 0 to 1.

    Raises
    ------
    BadParameter
        If `beta` is not above 0, or not finite.

    References
    ----------
    A. Rosenberg and J. Hirschberg, V-measure: a conditional entropy-based external cluster evaluation
    measure, 2007.

    Examples
    --------
    >>> import numpy as np
    >>> round(v_measure(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]), None), 4)
    0.8
    """
    if not (math.isfinite(beta) and beta > 0):
        raise BadParameter(f"beta must be a finite number above 0, got {beta!r}.")
    return min(1.0, float(v_measure_score(truth, labels, beta=float(beta))))
