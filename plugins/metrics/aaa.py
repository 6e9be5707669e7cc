"""Normalised clustering accuracy under its earlier name (Gagolewski, 2022)."""

from __future__ import annotations

from harness import metric

from ._types import Floats, Labels
from .nca import nca


@metric(
    direction="higher",
    low=-1,
    high=1,
    needs=("truth",),
    source="Gagolewski 2022, arXiv 2209.02935",
    symmetric=False,
    same_as="nca",
)
def aaa(truth: Labels, labels: Labels, embedding: Floats | None) -> float:
    """Return the adjusted asymmetric accuracy: `nca`, as its preprint and genieclust until 1.1.4 call it.

    Computed only if named, since its values are those of `nca`.

    Parameters
    ----------
    truth : ndarray of shape (n,), int64
        The true class of each sample, from 0.
    labels : ndarray of shape (n,), int64
        The cluster of each sample, from 0; noise (-1) counts as wrong.
    embedding : None
        Not used.

    Returns
    -------
    float
        Higher is better, from -1 to 1; with more or fewer clusters than classes as `nca`.

    Raises
    ------
    NotApplicable
        If there is only one class.

    References
    ----------
    M. Gagolewski, Adjusted asymmetric accuracy: a well-behaving external cluster validity measure, 2022.

    Examples
    --------
    >>> import numpy as np
    >>> aaa(np.array([0, 0, 0, 0, 1, 1]), np.array([5, 5, 5, 7, 7, 7]), None)
    0.75
    """
    return nca(truth, labels, embedding)
