"""Difference of each row's mean from that of the best row, and its p-value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

import numpy as np

from ...core.board import Row
from .chance import floored, t_tail
from .differences import How, paired
from .samples import Estimate, Sample

DIGITS = 12  # digits of a difference: beyond them machines differ


def pair_estimates(
    rows: Sequence[Row], samples: Sequence[Sample], places: Iterable[int], best: int
) -> dict[int, Estimate]:
    """Return the mean difference from the best row, paired by seed, of rows on the same embeddings.

    Parameters
    ----------
    rows : sequence of Row
    samples : sequence of Sample
        Of each row.
    places : iterable of int
        Of the rows that can be compared.
    best : int
        The place of the best row.
    """
    return {
        place: estimate
        for place in places
        if place != best
        and rows[place].encoder == rows[best].encoder
        and (pair := paired(samples[place], samples[best])) is not None
        and (estimate := pair.estimate()) is not None
    }


def contrasts(
    means: Mapping[int, Estimate], pairs: Mapping[int, Estimate], best: int
) -> dict[int, tuple[Estimate, How]]:
    """Return the difference of each row from the best, and its method: paired if there are pairs.

    Parameters
    ----------
    means : mapping
        Of the rows, by their places.
    pairs : mapping
        Of `pair_estimates`.
    best : int
        The place of the best row.

    Examples
    --------
    >>> contrasts({0: Estimate(0.75, 1e-4, 4), 1: Estimate(0.5, 1e-4, 4)}, {}, 0)
    {1: (Estimate(mean=-0.25, variance=0.0002, df=8.0), 'unpaired')}
    """
    found: dict[int, tuple[Estimate, How]] = {}
    for place, own in means.items():
        if place != best:
            estimate = pairs[place] if place in pairs else own.minus(means[best])
            exact = estimate.variance == 0
            found[place] = (
                estimate._replace(mean=round(estimate.mean, DIGITS), df=inf if exact else estimate.df),
                "exact" if exact else "paired" if place in pairs else "unpaired",
            )
    return found


def raised(estimates: Mapping[int, Estimate], *, every: bool = True) -> dict[int, Estimate]:
    """Raise variances of estimates to the median of the positive ones, except for deterministic rows.

    Parameters
    ----------
    estimates : mapping
    every : bool
        Whether to raise all variances below it, or only those that are 0.

    Examples
    --------
    >>> rows = {0: Estimate(0.5, 0.0, 4), 1: Estimate(0.5, 1.0, 4), 2: Estimate(0.5, 3.0, 4)}
    >>> [each.variance for each in raised(rows).values()]
    [2.0, 2.0, 3.0]
    >>> [each.variance for each in raised(rows, every=False).values()]
    [2.0, 1.0, 3.0]
    """
    if not estimates:
        return {}
    certain = np.array([each.df == inf for each in estimates.values()])
    floor = floored(np.array([each.variance for each in estimates.values()]), certain)
    return {
        place: each if each.variance > 0 and not every else each._replace(variance=float(variance))
        for (place, each), variance in zip(estimates.items(), floor, strict=True)
    }


def p_value(difference: Estimate) -> float:
    """Return the one-sided p-value for a difference below 0; without variance it is 0 or 1.

    Examples
    --------
    >>> round(p_value(Estimate(-0.02, 1e-4, 4)), 4), p_value(Estimate(-0.02, 0.0, inf))
    (0.0581, 0.0)
    """
    if difference.variance <= 0:
        return 0.0 if difference.mean < 0 else 1.0
    return float(t_tail(difference.mean, difference.variance, difference.df))
