"""Shares of variance explained by each kind of seed."""

from __future__ import annotations

from typing import NamedTuple

from .samples import Sample, mean_squares

PAIRED = "both kinds of seeds change together: separate them with --encoder-seeds and --clusterer-seeds"


class Shares(NamedTuple):
    """Shares of the variance of a single run, which sum to 1."""

    encoder: float
    clusterer: float
    both: float


def shares(sample: Sample) -> Shares | str:
    """Return the shares of the encoder seed, the clusterer seed and their interaction, or why there are none.

    The components are those of a two-way random-effects analysis of variance with one run for each pair of
    seeds, negative ones taken for 0 (Searle, Casella & McCulloch, 1992, 4.3). What a clusterer seed does on
    all embeddings alike is its own share; what it does on one embedding and not on another is that of both.

    Examples
    --------
    >>> from harness.core.board import Value
    >>> runs = [Value(e, c, float(e)) for e in range(3) for c in range(3)]
    >>> shares(Sample(runs))
    Shares(encoder=1.0, clusterer=0.0, both=0.0)
    >>> shares(Sample([Value(None, 0, 0.5), Value(None, 1, 0.6)]))
    Shares(encoder=0.0, clusterer=1.0, both=0.0)
    """
    if sample.design in ("none", "constant"):
        return "deterministic" if sample.values else "no runs"
    if sample.unknown:
        return sample.unknown
    if sample.estimate() and max(sample.by_seeds.values()) == min(sample.by_seeds.values()):
        return "all runs are equal"
    if sample.design == "runs":
        if sample.kinds == (True, True):
            return PAIRED
        return Shares(1.0, 0.0, 0.0) if sample.kinds[0] else Shares(0.0, 1.0, 0.0)
    encoders, clusterers = sample.array.shape
    encoder, clusterer, rest = (float(each) for each in mean_squares(sample.array))
    parts = (max((encoder - rest) / clusterers, 0.0), max((clusterer - rest) / encoders, 0.0), rest)
    total = sum(parts)
    return Shares(*(part / total for part in parts))
