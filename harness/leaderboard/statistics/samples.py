"""Runs of a row as a sample: which seeds vary, and the precision of the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...core.board import Value

Floats = NDArray[np.float64]
Seeds = tuple[int | None, int | None]  # of encoder and clusterer, None if deterministic


class Estimate(NamedTuple):
    """A mean, the variance of that mean, and the degrees of freedom of this variance."""

    mean: float
    variance: float
    df: float

    def minus(self, other: Estimate) -> Estimate:
        """Return the difference of two independent means (Welch, 1947).

        Examples
        --------
        >>> Estimate(0.75, 1e-4, 4).minus(Estimate(0.5, 1e-4, 4))
        Estimate(mean=0.25, variance=0.0002, df=8.0)
        """
        variance = self.variance + other.variance
        parts = self.variance**2 / self.df + other.variance**2 / other.df
        return Estimate(self.mean - other.mean, variance, variance**2 / parts if parts > 0 else float("inf"))


class MeanSquares(NamedTuple):
    """Mean squares of encoder seeds, clusterer seeds and the rest, one entry per layout."""

    encoder: Floats
    clusterer: Floats
    rest: Floats


@dataclass(frozen=True)
class Sample:
    """The scores of one row by one metric.

    Parameters
    ----------
    values : sequence of Value
        One per run, no two with the same seeds.
    """

    values: Sequence[Value]

    @cached_property
    def by_seeds(self) -> dict[Seeds, float]:
        """The scores by their seeds."""
        return {(each.encoder_seed, each.clusterer_seed): each.value for each in self.values}

    @cached_property
    def kinds(self) -> tuple[bool, bool]:
        """Whether there is an encoder seed, and a clusterer seed."""
        return (
            any(each.encoder_seed is not None for each in self.values),
            any(each.clusterer_seed is not None for each in self.values),
        )

    @property
    def seeds(self) -> int:
        """Number of seeds of the kind that has more."""
        return max((len({pair[n] for pair in self.by_seeds}) for n in (0, 1)), default=0)

    @cached_property
    def design(self) -> Literal["none", "constant", "runs", "crossed", "irregular"]:
        """The design of the seeds.

        ``constant`` if there are none; ``runs`` if each run has its own seeds; ``crossed`` if each
        encoder seed is combined with each clusterer seed; ``irregular`` otherwise.
        """
        if not self.values:
            return "none"
        if self.kinds == (False, False):
            return "constant" if len(self.values) == 1 else "irregular"
        encoders, clusterers = ({seeds[n] for seeds in self.by_seeds} for n in (0, 1))
        varied = [
            len(each) for each, enters in zip((encoders, clusterers), self.kinds, strict=True) if enters
        ]
        if all(count == len(self.values) for count in varied):
            return "runs"
        return "crossed" if set(product(encoders, clusterers)) == set(self.by_seeds) else "irregular"

    @cached_property
    def array(self) -> Floats:
        """The scores: shape (n,), or (encoder seeds, clusterer seeds) where these are crossed."""
        if self.design != "crossed":
            return np.array([each.value for each in self.values])
        encoders, clusterers = (sorted({seeds[n] or 0 for seeds in self.by_seeds}) for n in (0, 1))
        return np.array([[self.by_seeds[e, c] for c in clusterers] for e in encoders])

    @property
    def unknown(self) -> str:
        """Why the uncertainty of the mean is unknown, or nothing if it is known."""
        if self.design == "none":
            return "no runs"
        if self.design == "irregular":
            return "seeds are neither paired nor fully crossed"
        if self.design == "crossed" and min(self.array.shape) == 1:
            return f"a single {('encoder', 'clusterer')[self.array.shape.index(1)]} seed"
        return "single run" if self.design == "runs" and len(self.values) == 1 else ""

    def estimate(self) -> Estimate | None:
        """Return the mean, its variance and degrees of freedom, or None if unknown."""
        if self.unknown:
            return None
        if self.design == "crossed":
            return _crossed(self.array)
        count = len(self.values)
        variance = float(spread(self.array)) / count if count > 1 else 0.0
        first = self.values[0].value  # so that the mean of equal runs is exactly their value
        mean = first + float((self.array - first).mean())
        return Estimate(mean, variance, count - 1 if count > 1 else float("inf"))


def spread(values: Any) -> Floats:
    """Return the sample variance along the last axis: exactly 0 if all values are equal.

    Examples
    --------
    >>> float(spread([0.1, 0.1, 0.1])), float(spread([1.0, 3.0]))
    (0.0, 2.0)
    """
    values = np.asarray(values, dtype=np.float64)
    return np.asarray(np.var(values - values[..., :1], axis=-1, ddof=1))


def mean_squares(layout: Any) -> MeanSquares:
    """Return the mean squares of a two-way layout with one run per cell (Fisher, 1925).

    Parameters
    ----------
    layout : array of shape (..., encoder seeds, clusterer seeds)
        At least two of each.

    Examples
    --------
    >>> mean_squares([[0.0, 1.0], [2.0, 3.0]])
    MeanSquares(encoder=array(4.), clusterer=array(1.), rest=array(0.))
    """
    layout = np.asarray(layout, dtype=np.float64)
    layout = layout - layout[..., :1, :1]
    encoders, clusterers = layout.shape[-2:]
    rows, columns = layout.mean(-1, keepdims=True), layout.mean(-2, keepdims=True)
    grand = layout.mean((-2, -1), keepdims=True)
    rest = ((layout - rows - columns + grand) ** 2).sum((-2, -1)) / ((encoders - 1) * (clusterers - 1))
    return MeanSquares(
        np.asarray(clusterers * ((rows - grand) ** 2).sum((-2, -1)) / (encoders - 1)),
        np.asarray(encoders * ((columns - grand) ** 2).sum((-2, -1)) / (clusterers - 1)),
        np.asarray(rest),
    )


def variance_of_mean(mean_squares: MeanSquares, runs: int) -> Floats:
    """Return the variance of a two-way layout's grand mean, both kinds of seeds being random.

    Its expectation is that of (encoder + clusterer - rest) / runs (Searle, Casella & McCulloch, 1992, 4.3);
    if this falls below one of the first two alone, the larger of these is used.
    """
    total = mean_squares.encoder + mean_squares.clusterer - mean_squares.rest
    return np.asarray(np.maximum(total, np.maximum(mean_squares.encoder, mean_squares.clusterer)) / runs)


def _crossed(layout: Floats) -> Estimate:
    """Estimate the grand mean, with the degrees of freedom of Satterthwaite (1946)."""
    encoders, clusterers = layout.shape
    squares = mean_squares(layout)
    encoder, clusterer, rest = (float(each) for each in squares)
    variance = float(variance_of_mean(squares, layout.size))
    if variance == 0:
        return Estimate(float(layout.mean()), 0.0, float(min(layout.shape) - 1))
    if encoder + clusterer - rest < max(encoder, clusterer):
        df: float = encoders - 1 if encoder > clusterer else clusterers - 1
    else:
        parts = (
            (encoder, encoders - 1),
            (clusterer, clusterers - 1),
            (rest, (encoders - 1) * (clusterers - 1)),
        )
        df = (variance * layout.size) ** 2 / sum(square**2 / each for square, each in parts)
    return Estimate(float(layout.mean()), variance, df)
