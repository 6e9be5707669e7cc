"""The difference of each row's mean to that of the best row, and its p-value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, sqrt

import numpy as np

from ...core.board import Row
from .chance import floored
from .differences import How, paired
from .samples import Estimate, Sample

DIGITS = 12  # of a difference: beyond them machines differ


def contrasts(
    rows: Sequence[Row],
    samples: Sequence[Sample],
    estimates: Mapping[int, Estimate],
    best: int,
    *,
    careful: bool = False,
) -> dict[int, tuple[Estimate, How]]:
    """Return the difference of each row to the best one, and how it was made.

    Paired by seed where both rows cluster the same embeddings, else of independent means.

    Parameters
    ----------
    rows : sequence of Row
    samples : sequence of Sample
        Of each row.
    estimates : mapping
        Of the rows that can be compared, by their places.
    best : int
        The place of the best row.
    careful : bool
        Whether no variance may be below the median; otherwise only those of equal runs are raised to it.
    """
    pairs = {
        place: estimate
        for place in estimates
        if place != best
        and rows[place].encoder == rows[best].encoder
        and (pair := paired(samples[place], samples[best])) is not None
        and (estimate := pair.estimate()) is not None
    }
    pairs, means = raised(pairs, every=careful), raised(estimates, every=careful)
    found: dict[int, tuple[Estimate, How]] = {}
    for place in estimates:
        if place != best:
            estimate = pairs[place] if place in pairs else means[place].minus(means[best])
            exact = estimate.variance == 0
            found[place] = (
                estimate._replace(mean=round(estimate.mean, DIGITS), df=inf if exact else estimate.df),
                "exact" if exact else "paired" if place in pairs else "unpaired",
            )
    return found


def raised(estimates: Mapping[int, Estimate], *, every: bool = True) -> dict[int, Estimate]:
    """Return estimates with variances raised to the median of those with any, unless no seed enters.

    Parameters
    ----------
    estimates : mapping
    every : bool
        Whether all that are below it are raised, or those alone that are 0.

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
    """Return the one-sided p-value of a difference that is not below 0; without variance it is 0 or 1.

    Examples
    --------
    >>> round(p_value(Estimate(-0.02, 1e-4, 4)), 4), p_value(Estimate(-0.02, 0.0, inf))
    (0.0581, 0.0)
    """
    if difference.variance <= 0:
        return 0.0 if difference.mean < 0 else 1.0
    from scipy.special import stdtr  # scipy.stats would take most of a second to import

    return float(stdtr(difference.df, difference.mean / sqrt(difference.variance)))
