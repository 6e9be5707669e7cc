"""Offsets of clusters with which all of them get the same mass (Sinkhorn, 1967; Cuturi, 2013)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
EVEN = 1e-4  # a cluster's mass may differ from its share by this part of it
STEPS = 25  # of Newton's method, at each temperature
COOLING = 3.0  # from one temperature to the next


def balanced(scores: Array, start: Array | None = None) -> tuple[Array, float]:
    """Return what to add to the columns of scores so that their softmax gives each the same mass.

    These offsets are the fixed point of Sinkhorn's alternation: shift each column by the logarithm of what
    its mass exceeds its share by, and make each row sum to 1 again. Where clusters are far apart, that takes
    thousands of rounds. The fixed point is also the minimum of a convex function of one offset a cluster,
    which Newton's method finds in a few steps. Without a start, scores are first divided by a temperature,
    which is then lowered to 1.

    Parameters
    ----------
    scores : ndarray of shape (n, k), float64
        Logarithms, such as those of densities.
    start : ndarray of shape (k,), optional
        Offsets to begin with.

    Returns
    -------
    offsets : ndarray of shape (k,), float64
        Their mean is 0.
    excess : float
        By which part of its share the mass of some cluster differs at most.

    Examples
    --------
    >>> scores = np.log([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.8, 0.2]])
    >>> offsets, excess = balanced(scores)
    >>> log_shares(scores + offsets)[1].shape, excess < 0.001
    ((4, 2), True)
    >>> np.exp(log_shares(scores + offsets)[1]).sum(axis=0).round(1).tolist()
    [2.0, 2.0]
    """
    if start is not None:
        offsets, excess = _newton(scores, start)
        if excess < EVEN:
            return offsets, excess
    temperature = max(float(np.median(scores.max(axis=1) - scores.mean(axis=1))), 1.0)
    offsets = np.zeros(scores.shape[1])
    while temperature > 1:
        offsets = temperature * _newton(scores / temperature, offsets / temperature)[0]
        temperature /= COOLING
    return _newton(scores, offsets)


def _newton(scores: Array, offsets: Array) -> tuple[Array, float]:
    """Minimise the mean log of the sum of each row, less the mean offset: its gradient is the excess mass."""
    n, k = scores.shape
    norms, log_found = log_shares(scores + offsets)
    for step in range(STEPS + 1):
        found = np.exp(log_found)
        masses = found.mean(axis=0)
        gradient = masses - 1 / k
        excess = float(np.abs(gradient).max() * k)
        if excess < EVEN or step == STEPS:
            break
        curvature = np.diag(masses) - found.T @ found / n
        curvature += (1e-3 * np.trace(curvature) / k + 1e-9) * np.eye(k)  # a common shift changes nothing
        direction = -np.linalg.solve(curvature, gradient)
        value, length = norms.mean() - offsets.mean(), 1.0
        while True:
            tried = offsets + length * direction
            norms, log_found = log_shares(scores + tried)
            allowed = value + 1e-4 * length * (gradient @ direction)
            if norms.mean() - tried.mean() <= allowed or length < 1e-3:
                break
            length /= 4
        offsets = tried
    return offsets - offsets.mean(), excess


def log_shares(scores: Array) -> tuple[Array, Array]:
    """Return the logarithm of the sum of the exponentials of each row, and of what each adds to that.

    Examples
    --------
    >>> norms, shares = log_shares(np.array([[1000.0, 1000.0]]))
    >>> norms.round(2).tolist(), np.exp(shares).round(2).tolist()
    ([1000.69], [[0.5, 0.5]])
    """
    highest = scores.max(axis=1, keepdims=True)
    found: Array = scores - highest
    norms = np.log(np.exp(found).sum(axis=1, keepdims=True))
    found -= norms
    return (norms + highest)[:, 0], found
