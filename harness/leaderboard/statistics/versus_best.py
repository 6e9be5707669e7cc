"""Comparison of each row of a board with the best: worse, practically equal, or undecided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf, isclose, sqrt
from typing import Literal

import numpy as np

from ...core.board import Board, Metric, Row
from .chance import NullRow, smallest_p
from .contrasts import contrasts, p_value, pair_estimates, raised
from .differences import How
from .intervals import LEAST, LEVEL, Interval, ends, t_quantile, too_few
from .samples import Estimate, Sample, spread

MARGIN = 0.01  # differences within it count as none
POWER = 0.8  # the power that reported numbers of seeds reach
MOST = 1000  # seeds reported at most
BEST_UNKNOWN = f"the best row has fewer than {LEAST} seeds"
Answer = Literal["best", "worse", "equal", "?", ""]


@dataclass(frozen=True)
class Versus:
    """The comparison of a row with the best.

    Parameters
    ----------
    answer : {"best", "worse", "equal", "?", ""}
        Empty if there is none; `why` gives the reason.
    estimate : Estimate or None
        Of the row's mean minus that of the best row.
    interval : Interval or None
        The 95% interval of this difference; None also if both rows are deterministic.
    how : {"paired", "unpaired", "exact", ""}
    why : str
    seeds : int or None
        Number per row that probably decides; None unless the answer is "?", or if more than 1,000.
    """

    answer: Answer
    estimate: Estimate | None = None
    interval: Interval | None = None
    how: How | Literal[""] = ""
    why: str = ""
    seeds: int | None = None


def versus_best(board: Board, metric: Metric, margin: float = MARGIN) -> list[Versus] | None:
    """Compare each row of the whole board with the best mean; None if rows cannot be ranked.

    ``worse``: a one-sided test, paired by seed where both rows cluster the same embeddings, else of Welch
    (1947), and of one sample where one row has no seed; its p-value is below what chance makes the smallest
    one of the board, by `smallest_p`. ``equal``: the 95% interval of the difference lies within the margin
    (two one-sided tests: Schuirmann, 1987). Where no row has any variance, the means are taken for certain.

    Parameters
    ----------
    board : Board
    metric : Metric
        One of the board's.
    margin : float
        In units of the metric.
    """
    if metric.direction is None or metric.own_space:
        return None
    sign = 1.0 if metric.direction == "higher" else -1.0
    samples = [Sample(row.values.get(metric.name, ())) for row in board.whole]
    whys = [_untested(row, sample) for row, sample in zip(board.whole, samples, strict=True)]
    rows = {
        place: each
        for place, sample in enumerate(samples)
        if not whys[place] and (each := sample.estimate()) is not None
    }
    results = [Versus("", why=why) for why in whys]
    if len(rows) < 2:
        return results
    best = max(rows, key=lambda place: (sign * rows[place].mean, -place))
    if (top := board.best.get(metric.name)) is not None and not isclose(rows[best].mean, top):
        return [Versus("", why=BEST_UNKNOWN) for _ in samples]
    pairs = pair_estimates(board.whole, samples, rows, best)
    found = contrasts(raised(rows, every=False), raised(pairs, every=False), best)
    careful = raised(rows)
    tested = contrasts(careful, raised(pairs), best)
    nulls = {place: _null(board.whole[place], samples[place], each) for place, each in careful.items()}
    p = {place: p_value(_signed(estimate, sign)) for place, (estimate, _) in tested.items()}
    worse, level = worse_rows(p, nulls, best)
    results[best] = Versus("best")
    for place, (estimate, how) in found.items():
        between = None if estimate.df == inf else ends(estimate)
        versus = Versus("worse" if place in worse else "?", estimate, between, how)
        if place not in worse:
            seeds = max(samples[place].seeds, samples[best].seeds)
            equal = _within(versus, margin)
            needed = None if equal else seeds_needed(_signed(estimate, sign), seeds, level, margin)
            versus = replace(versus, answer="equal" if equal else "?", seeds=needed)
        results[place] = versus
    return results


def worse_rows(p: Mapping[int, float], nulls: Mapping[int, NullRow], best: int) -> tuple[set[int], float]:
    """Return the rows that are worse than the best by more than chance, and the threshold of their p-values.

    From the smallest p-value of boards that chance draws; without the rows that are worse again, as these
    are none of what may be equal (step-down).
    """
    worse: set[int] = set()
    while True:
        within = [place for place in nulls if place not in worse]
        level = smallest_p([nulls[place] for place in within])
        more = {place for place in within if place != best and p[place] <= level}
        worse |= more
        if not more or len(within) - len(more) < 2:
            return worse, level


def seeds_needed(difference: Estimate, seeds: int, level: float, margin: float) -> int | None:
    """Return the number of seeds that decides, with a power of 80%, whether a row is worse or equal.

    Assumes the observed means and variances. None if over 1,000.

    Examples
    --------
    >>> [seeds_needed(Estimate(mean, 2e-4, 8), 5, 0.02, 0.01) for mean in (-0.03, -0.004)]
    [11, 220]
    """
    tests = (
        (-difference.mean, 1 - level),
        (margin - abs(difference.mean), (1 + LEVEL) / 2),
    )
    low, high = seeds, MOST + 1
    while low < high:
        middle = (low + high) // 2
        df = max(difference.df * (middle - 1) / max(seeds - 1, 1), 1.0)
        error = sqrt(difference.variance * seeds / middle)
        tells = any(
            size >= (t_quantile(level, df) + t_quantile(POWER, df)) * error
            for size, level in tests
            if size > 0
        )
        low, high = (low, middle) if tells else (middle + 1, high)
    return low if low <= MOST else None


def _untested(row: Row, sample: Sample) -> str:
    """Return why a row has no answer, or nothing if it has one."""
    if row.imported:
        return "its labels were computed elsewhere"
    if not row.complete or len(sample.values) < row.runs:
        return "a run did not finish, or has no score"
    if sample.design == "constant":
        return "" if row.deterministic else "a single seed"
    return too_few(sample)


def _null(row: Row, sample: Sample, estimate: Estimate) -> NullRow:
    """Return a row under the null hypothesis: with its runs if others cluster the same embeddings."""
    shared = sample.kinds[0] and sample.design == "runs" and float(spread(sample.array)) > 0
    if not shared:
        return NullRow(estimate, np.empty(0), None)
    size = sqrt(estimate.variance * len(sample.array) / float(spread(sample.array)))
    seeds = tuple(each.encoder_seed for each in sample.values)
    return NullRow(estimate, size * sample.array, (row.encoder, seeds))


def _within(versus: Versus, margin: float) -> bool:
    """Return whether a difference is within the margin; without variance, whether it is zero."""
    assert versus.estimate is not None
    if versus.interval is None:
        return versus.estimate.mean == 0
    return max(map(abs, versus.interval)) <= margin


def _signed(estimate: Estimate, sign: float) -> Estimate:
    return estimate._replace(mean=sign * estimate.mean)
