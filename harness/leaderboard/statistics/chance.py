"""Null distribution of a board: the smallest p-value against the best row under chance alone."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray

from .samples import Estimate, Floats, spread

BOARDS = 999  # boards drawn
CHANCE = 0.04  # that any row passes; at most 0.05 where scores are far from normal (studies/significance.py)


@dataclass(frozen=True)
class NullRow:
    """A row under the null hypothesis: with its variance, and the mean of all others.

    Parameters
    ----------
    estimate : Estimate
        Of its mean.
    runs : array of shape (n,)
        Its scores by seed if shared with other rows of the group; else empty.
    group : hashable
        Rows of one group cluster the same embeddings, seed by seed.
    """

    estimate: Estimate
    runs: Floats
    group: Hashable


def smallest_p(rows: Sequence[NullRow]) -> float:
    """Return the p-value that the smallest one of a board stays below by chance in 4 of 100 boards.

    Boards are drawn in which all rows have one mean and normal runs with the observed variances and
    correlations; on each, the best row is chosen again and all others are tested against it. This accounts
    for choosing the best, for the number of rows and for variances estimated from few runs (a
    parametric bootstrap of the smallest p-value: Westfall & Young, 1993, 2.3). Drawn with a fixed seed.

    Examples
    --------
    >>> row = NullRow(Estimate(0.7, 1e-4, 4), np.empty(0), None)
    >>> 0.02 < smallest_p([row] * 2) < 0.04, 0.001 < smallest_p([row] * 20) < 0.003
    (True, True)
    """
    rng = np.random.default_rng(0)
    means, variances = np.zeros((2, BOARDS, len(rows)))
    df = np.array([row.estimate.df for row in rows])
    groups: dict[Hashable, list[int]] = {}
    for place, row in enumerate(rows):
        if len(row.runs):
            groups.setdefault(row.group, []).append(place)
        elif df[place] < inf:
            count = round(df[place]) + 1
            runs = rng.normal(0, sqrt(row.estimate.variance * count), (BOARDS, count))
            means[:, place], variances[:, place] = runs.mean(1), spread(runs) / count
    drawn = []
    for places in groups.values():
        patterns = np.array([rows[place].runs for place in places])
        patterns = (patterns - patterns.mean(1, keepdims=True)) / sqrt(patterns.shape[1] - 1)
        noise = rng.normal(size=(BOARDS, patterns.shape[1], patterns.shape[1]))
        runs = patterns @ noise  # from the covariances of the group
        means[:, places], variances[:, places] = runs.mean(-1), spread(runs) / runs.shape[-1]
        drawn.append((places, runs))
    best = means.argmax(1)
    p = _welch(means, floored(variances, df == inf), df, best)
    for places, runs in drawn:
        _pair(p, best, places, runs)
    smallest = np.sort(p.min(1))
    return min(float(smallest[round(CHANCE * (BOARDS + 1)) - 1]), 0.5)


def floored(variances: Floats, certain: NDArray[np.bool_]) -> Floats:
    """Raise variances to the median of the positive ones, except for deterministic rows.

    A few runs of a pipeline with several local optima may all end in the same one, and show no spread.

    Parameters
    ----------
    variances : array of shape (..., rows)
    certain : array of shape (rows,)

    Examples
    --------
    >>> floored(np.array([4.0, 0.0, 2.0, 6.0, 0.0]), np.array([False, False, False, False, True])).tolist()
    [4.0, 4.0, 4.0, 6.0, 0.0]
    """
    ordered = np.sort(np.where(variances > 0, variances, np.inf), axis=-1)
    count = (variances > 0).sum(-1, keepdims=True)
    ends = [np.take_along_axis(ordered, np.maximum(count - half, 0) // 2, -1) for half in (1, 0)]
    floor = np.where(count > 0, (ends[0] + ends[1]) / 2, 0)
    return np.where(certain, 0.0, np.maximum(variances, floor))


def _welch(means: Floats, variances: Floats, df: Floats, best: NDArray[np.intp]) -> Floats:
    """Return the one-sided p-value of each row against the best; 1 if neither has any variance."""
    boards = np.arange(len(means))
    own, tops = variances, variances[boards, best][:, None]
    variance = own + tops
    parts = own**2 / df + tops**2 / df[best][:, None]
    known = variance > 0
    p = t_tail(
        means - means[boards, best][:, None],
        np.where(known, variance, 1),
        np.where(known, variance, 1) ** 2 / np.where(parts > 0, parts, 1),
    )
    p = np.where(known, p, 1.0)
    p[boards, best] = 1.0
    return p


def _pair(p: Floats, best: NDArray[np.intp], places: Sequence[int], runs: Floats) -> None:
    """Insert the p-values of pairs on the boards whose best row is in a group."""
    place_of = {place: n for n, place in enumerate(places)}
    boards = np.flatnonzero(np.isin(best, places))
    if len(places) < 2 or not len(boards):
        return
    tops = runs[boards, [place_of[place] for place in best[boards].tolist()]]
    pairs = runs[boards] - tops[:, None]
    count = pairs.shape[-1]
    variances = floored(spread(pairs) / count, np.zeros(len(places), dtype=bool))
    found = t_tail(pairs.mean(-1), np.where(variances > 0, variances, 1), np.array(count - 1.0))
    found = np.where((variances > 0) & (pairs != 0).any(-1), found, 1.0)
    p[np.ix_(boards, np.array(places))] = found


def t_tail(differences: Floats | float, variances: Floats | float, df: Floats | float) -> Floats:
    """Return the probability of a difference of means as low under the null hypothesis: Student's t.

    Examples
    --------
    >>> float(t_tail(0.0, 1.0, 4.0))
    0.5
    """
    from scipy.special import stdtr  # importing scipy.stats takes most of a second

    return np.asarray(stdtr(df, differences / np.sqrt(variances)))
