"""Which rows of a board cannot be told from the best one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, sqrt
from statistics import median
from typing import Literal

from ...core.board import Board, Metric
from .samples import Estimate, Sample

ALPHA = 0.05
FLOOR = 0.7  # of the median variance of rows with any: false alarms are about 5% (studies/significance.py)
Standing = Literal["best", "like best", "worse", "not tested", "incomplete"]
METHOD = (
    "one-sided Welch tests against the best mean, no variance below 0.7 of the median of the rows whose runs "
    "differ, each p-value times the number of ordered pairs of rows that are still in (Holm's step-down), "
    "0.05 in all"
)


def standings(board: Board, metric: Metric) -> list[Standing] | None:
    """Say of each row whether it can be told from the best one, or None where rows cannot be ranked.

    Rows with runs that failed or lack a score are ``incomplete``, and never the best. A row with a single run
    of what depends on a seed is ``not tested``: its spread is unknown. So are all rows that depend on seeds
    where none of them has any spread: equal runs of one row tell nothing of chance unless others show it.

    Parameters
    ----------
    board : Board
    metric : Metric
        One of the board's.
    """
    if metric.direction is None or metric.own_space:
        return None
    sign = 1.0 if metric.direction == "higher" else -1.0
    found: list[Standing] = []
    known: dict[int, Estimate] = {}
    for place, row in enumerate(board.rows):
        values = row.values.get(metric.name, ())
        complete = row.complete and len(values) == row.runs
        estimate = Sample(values).estimate() if complete else None
        found.append("incomplete" if not complete else "not tested")
        if estimate is not None:
            known[place] = estimate._replace(mean=sign * estimate.mean)
    if not any(each.variance for each in known.values()):
        known = {place: each for place, each in known.items() if each.df == inf}
    if len(known) > 1:
        best = max(known, key=lambda place: (known[place].mean, -place))
        others = {place: each for place, each in known.items() if place != best}
        worse = told_apart(known[best], others)
        found[best] = "best"
        for place in others:
            found[place] = "worse" if place in worse else "like best"
    return found


def told_apart(best: Estimate, others: Mapping[int, Estimate]) -> set[int]:
    """Return the rows that are worse than the best one by more than chance.

    One-sided Welch tests against the best. A few runs of a pipeline with several local optima may all end in
    one, and then show no spread: no variance is taken to be below 0.7 of the median of those rows that have
    any. As any row might have been the best by chance, each p-value is multiplied by the number of
    ordered pairs of the rows that are still in, which shrinks as rows go out (Holm, 1979). The chance of any
    false alarm is about 5% at most.

    Parameters
    ----------
    best : Estimate
        Of the highest mean.
    others : mapping
        Estimates of the other rows by any number of theirs.

    Examples
    --------
    >>> best, others = Estimate(0.9, 1e-4, 4), {1: Estimate(0.5, 1e-4, 4), 2: Estimate(0.89, 1e-4, 4)}
    >>> told_apart(best, others)
    {1}
    """
    best, *rest = _floored([best, *others.values()])
    p = p_values(best, rest)
    ordered = sorted(zip(p, others, strict=True))
    found: set[int] = set()
    for value, place in ordered:
        still_in = len(others) + 1 - len(found)
        if value * still_in * (still_in - 1) > ALPHA:
            break
        found.add(place)
    return found


def _floored(rows: Sequence[Estimate]) -> list[Estimate]:
    """Return estimates with no variance far below the median of those with any, unless no seed enters."""
    spread = [each.variance for each in rows if each.variance > 0]
    floor = FLOOR * median(spread) if spread else 0.0
    return [each._replace(variance=max(each.variance, floor)) if each.df < inf else each for each in rows]


def p_values(best: Estimate, others: Sequence[Estimate]) -> list[float]:
    """Return the one-sided p-values of Welch (1947) that others are not worse than the best.

    A row in which no seed enters has no variance, which leaves Student's test of one sample; of two such rows
    the worse one has 0.
    """
    pairs = [_welch(best, other) for other in others]
    if all(df == inf for _, df in pairs):
        return [0.0 if t < 0 else 1.0 for t, _ in pairs]
    from scipy.special import stdtr  # scipy.stats would take most of a second to import

    return [(0.0 if t < 0 else 1.0) if df == inf else float(stdtr(df, t)) for t, df in pairs]


def _welch(best: Estimate, other: Estimate) -> tuple[float, float]:
    """Return the statistic and its degrees of freedom, infinite where there is no variance."""
    variance = best.variance + other.variance
    if variance <= 0:
        return other.mean - best.mean, inf
    parts = best.variance**2 / best.df + other.variance**2 / other.df
    return (other.mean - best.mean) / sqrt(variance), variance**2 / parts
