"""95% intervals of means over seeds: Student's, and where both kinds of seeds vary Satterthwaite's."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from ...core.counts import counted
from .samples import Estimate, Sample

LEAST = 5  # seeds: with fewer, a variance is known too badly
OTHER = 3  # of the other kind, where both vary
LEVEL = 0.95


class Interval(NamedTuple):
    """Two ends."""

    low: float
    high: float


def too_few(sample: Sample) -> str:
    """Say why a sample has no interval, or nothing where it has one."""
    if sample.design == "constant":
        return "no seed enters"
    if sample.unknown:
        return sample.unknown
    if sample.design == "runs" and len(sample.values) < LEAST:
        return f"{counted(len(sample.values), 'run')}, {LEAST} are needed"
    if sample.design == "crossed" and (max(sample.array.shape) < LEAST or min(sample.array.shape) < OTHER):
        encoders, clusterers = sample.array.shape
        return f"{encoders} x {clusterers} seeds, {LEAST} of one kind and {OTHER} of the other are needed"
    return ""


def interval(sample: Sample) -> Interval | None:
    """Return the 95% interval of a sample's mean, or None where `too_few` says why there is none.

    Examples
    --------
    >>> from harness.core.board import Value
    >>> runs = Sample([Value(None, seed, score) for seed, score in enumerate((0.5, 0.6, 0.7, 0.6, 0.6))])
    >>> [round(end, 4) for end in interval(runs)]
    [0.5122, 0.6878]
    >>> interval(Sample(runs.values[:4])) is None
    True
    """
    estimate = None if too_few(sample) else sample.estimate()
    return None if estimate is None else ends(estimate)


def ends(estimate: Estimate) -> Interval:
    """Return the 95% interval by Student's t, without the last digits, in which machines differ.

    Examples
    --------
    >>> ends(Estimate(0.5, 0.0001, 4))
    Interval(low=0.4722355489, high=0.5277644511)
    """
    if estimate.variance == 0:
        return Interval(estimate.mean, estimate.mean)
    half = t_quantile((1 + LEVEL) / 2, estimate.df) * sqrt(estimate.variance)
    return Interval(float(f"{estimate.mean - half:.10g}"), float(f"{estimate.mean + half:.10g}"))


def t_quantile(p: float, df: float) -> float:
    """Return the quantile of Student's t distribution.

    Examples
    --------
    >>> round(t_quantile(0.975, 4), 3)
    2.776
    """
    from scipy.special import stdtrit  # scipy.stats would take most of a second to import

    return float(stdtrit(df, p))
