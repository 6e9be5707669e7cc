"""Intervals for means over seeds: the studentized bootstrap, with both kinds of seeds resampled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .samples import Floats, MeanSquares, Sample, spread, variance_of_mean

LEAST = 5  # seeds: with fewer, a bootstrap knows too little
OTHER = 3  # of the other kind, where both vary
RESAMPLES = 1999
FLOOR = 0.2  # of the standard error: resamples in which nearly all runs are one have next to none
LEVEL = 0.95
BLOCK = 32  # samples at once, so that their resamples stay in the processor's cache


class Interval(NamedTuple):
    """Two ends."""

    low: float
    high: float


class Draws(NamedTuple):
    """Of each resample the mean, less that of the sample, and the variance of this mean."""

    shift: Floats
    variance: Floats


def too_few(sample: Sample) -> str:
    """Say why a sample has no interval, or nothing where it has one."""
    if sample.design == "constant":
        return "no seed enters"
    if sample.unknown:
        return sample.unknown
    if sample.design == "runs" and len(sample.values) < LEAST:
        return f"{len(sample.values)} runs, {LEAST} are needed"
    if sample.design == "crossed" and (max(sample.array.shape) < LEAST or min(sample.array.shape) < OTHER):
        encoders, clusterers = sample.array.shape
        return f"{encoders} x {clusterers} seeds, {LEAST} of one kind and {OTHER} of the other are needed"
    return ""


def interval(sample: Sample) -> Interval | None:
    """Return the 95% interval of a sample's mean, or None where `too_few` says why there is none.

    A studentized bootstrap (Efron & Tibshirani, 1993, 12.5) of 1,999 resamples, drawn with a fixed seed.
    Where every encoder seed goes with every clusterer seed, both are resampled, each by itself (the
    pigeonhole bootstrap: McCullagh, 2000; Owen, 2007). The standard error of a resample is taken
    for at least a fifth of the sample's, as a resample that is nearly one run alone has next to none.

    Examples
    --------
    >>> from harness.core.board import Value
    >>> runs = Sample([Value(None, seed, score) for seed, score in enumerate((0.5, 0.6, 0.7, 0.6, 0.6))])
    >>> low, high = interval(runs)
    >>> low < 0.53 and high > 0.67
    True
    >>> interval(Sample(runs.values[:4])) is None
    True
    """
    if too_few(sample):
        return None
    if sample.design == "runs":
        return _intervals(sample.array[None])[0]
    estimate = sample.estimate()
    assert estimate is not None, "too_few has told what cannot be estimated"
    return _ends(estimate.mean, estimate.variance, draws(sample.array))


def intervals(samples: Sequence[Sample]) -> list[Interval | None]:
    """Return what `interval` does of each sample, those of as many runs all at once."""
    found: list[Interval | None] = [None] * len(samples)
    alike: dict[int, list[int]] = {}
    for place, sample in enumerate(samples):
        if sample.design == "runs" and not too_few(sample):
            alike.setdefault(len(sample.values), []).append(place)
        elif sample.design == "crossed":
            found[place] = interval(sample)
    for places in alike.values():
        for block in (places[start : start + BLOCK] for start in range(0, len(places), BLOCK)):
            ends = _intervals(np.stack([samples[place].array for place in block]))
            for place, each in zip(block, ends, strict=True):
                found[place] = each
    return found


def _intervals(rows: Floats) -> list[Interval]:
    """Return the interval of each row, shape (rows, runs)."""
    counts = _counts(rows.shape[1], 0) / rows.shape[1]
    moved = rows - rows[:, :1]  # so that runs that are equal have their very value for a mean
    centred = moved - moved.mean(1, keepdims=True)
    shift = centred @ counts.T
    variance = np.maximum(centred**2 @ counts.T - shift**2, 0) / (rows.shape[1] - 1)
    errors = spread(rows) / rows.shape[1]
    low, high = studentized(errors[:, None], Draws(shift, variance))
    means = rows[:, 0] + moved.mean(1)
    return [between(a, b) for a, b in zip(means - high, means - low, strict=True)]


def draws(array: Floats, seed: int = 0) -> Draws:
    """Resample runs of shape (n,), or of shape (encoder seeds, clusterer seeds) both kinds of seeds."""
    centred = array - array.mean()
    if array.ndim == 1:
        weights = _counts(len(array), seed) / len(array)
        shift = weights @ centred
        return Draws(shift, np.maximum(weights @ centred**2 - shift**2, 0) / (len(array) - 1))
    encoders, clusterers = array.shape
    rows, columns = _counts(encoders, seed), _counts(clusterers, seed + 1)
    over_rows = rows @ centred / encoders  # the mean of each column
    over_columns = columns @ centred.T / clusterers
    shift = (over_rows * columns).sum(1) / clusterers
    of_columns = (over_rows**2 * columns).sum(1) / clusterers - shift**2
    of_rows = (over_columns**2 * rows).sum(1) / encoders - shift**2
    whole = ((rows @ centred**2) * columns).sum(1) / array.size - shift**2
    mean_squares = MeanSquares(
        np.maximum(of_rows, 0) * array.size / (encoders - 1),
        np.maximum(of_columns, 0) * array.size / (clusterers - 1),
        np.maximum(whole - of_rows - of_columns, 0) * array.size / ((encoders - 1) * (clusterers - 1)),
    )
    return Draws(shift, variance_of_mean(mean_squares, array.size))


def studentized(variance: Floats | float, draws: Draws) -> tuple[Floats, Floats]:
    """Return by how much a sample's mean may lie below and above the true one: negative, and positive.

    Parameters
    ----------
    variance : array of shape (..., 1), or float
        Of the sample's mean.
    found : Draws of shape (..., resamples)
    """
    error = np.sqrt(variance)
    errors = np.maximum(np.sqrt(draws.variance), FLOOR * error)
    last = round((RESAMPLES + 1) * (1 - LEVEL) / 2)  # the 50th of 1,999 from each end
    ratios = draws.shift / np.where(errors > 0, errors, 1)
    ratios.partition([last - 1, RESAMPLES - last], axis=-1)
    error = np.asarray(error)[..., 0] if np.ndim(error) else error
    return ratios[..., last - 1] * error, ratios[..., -last] * error


def _ends(mean: float, variance: float, draws: Draws) -> Interval:
    low, high = studentized(variance, draws)
    return between(mean - high, mean - low)


def between(low: Floats | float, high: Floats | float) -> Interval:
    """Return an interval, its ends without the last digits, in which machines differ."""
    if low == high:
        return Interval(float(low), float(high))
    return Interval(float(f"{low:.10g}"), float(f"{high:.10g}"))


def _counts(size: int, seed: int) -> Floats:
    """Return how often each of `size` things is in each resample, shape (resamples, size)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(size, np.full(size, 1 / size), size=RESAMPLES).astype(np.float64)
