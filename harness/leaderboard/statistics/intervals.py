"""95% intervals of means over seeds: Student's, or Satterthwaite's if both kinds of seeds vary."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from ...core.counts import counted
from .samples import Estimate, Sample

LEAST = 5  # seeds: with fewer, a variance is too uncertain
OTHER = 3  # of the other kind, if both vary
LEVEL = 0.95


class Interval(NamedTuple):
    """Lower and upper end."""

    low: float
    high: float


def too_few(sample: Sample) -> str:
    """Return why a sample has no interval, or nothing if it has one."""
    if sample.design == "constant":
        return "deterministic"
    if sample.unknown:
        return sample.unknown
    if sample.design == "runs" and len(sample.values) < LEAST:
        return f"{counted(len(sample.values), 'run')}, {LEAST} are needed"
    if sample.design == "crossed" and (max(sample.array.shape) < LEAST or min(sample.array.shape) < OTHER):
        encoders, clusterers = sample.array.shape
        return f"{encoders} x {clusterers} seeds, {LEAST} of one kind and {OTHER} of the other are needed"
    return ""


def interval(sample: Sample) -> Interval | None:
    """Return the 95% interval of a sample's mean, or None; `too_few` gives the reason.

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
    """Return the 95% interval by Student's t, rounded to digits on which machines agree.

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
    from scipy.special import stdtrit  # importing scipy.stats takes most of a second

    return float(stdtrit(df, p))
