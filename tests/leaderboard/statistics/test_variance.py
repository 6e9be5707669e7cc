"""Shares of variance: as in textbooks, as simulated, and never where seeds cannot be parted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays
from samples import by_encoder, constant, crossed, paired

from harness.leaderboard.statistics.samples import Sample
from harness.leaderboard.statistics.variance import PAIRED, Shares, shares


def test_shares_are_those_of_a_textbook() -> None:
    # Box, Hunter & Hunter (1978), penicillin: mean squares 66, 23.33 and 18.83 of 5 blends and 4 treatments.
    layout = [[89, 88, 97, 94], [84, 77, 92, 79], [81, 87, 87, 85], [87, 92, 89, 84], [79, 81, 80, 88]]
    rest = 226 / 12
    parts = np.array([(66 - rest) / 4, (70 / 3 - rest) / 5, rest])
    assert shares(Sample(crossed(layout))) == pytest.approx(tuple(parts / parts.sum()))


def test_shares_are_those_of_the_simulation() -> None:
    rng = np.random.default_rng(0)
    layout = 2 * rng.normal(size=(300, 1)) + rng.normal(size=(1, 300)) + rng.normal(size=(300, 300))
    assert shares(Sample(crossed(layout))) == pytest.approx((4 / 6, 1 / 6, 1 / 6), abs=0.06)


@given(arrays(np.float64, (5, 4), elements=some.floats(0, 1, width=16)))
def test_shares_are_parts_of_a_whole(layout: np.ndarray) -> None:
    found = shares(Sample(crossed(layout)))
    if isinstance(found, Shares):
        assert sum(found) == pytest.approx(1)
        assert min(found) >= 0
        turned = shares(Sample(crossed(layout.T)))
        assert turned == pytest.approx((found.clusterer, found.encoder, found.both))
    else:
        assert np.ptp(layout) == 0


def test_there_are_none_where_seeds_cannot_be_parted() -> None:
    assert shares(Sample(paired([0.1, 0.2, 0.3]))) == PAIRED
    assert shares(Sample(constant(0.5))) == "deterministic"
    assert shares(Sample([])) == "no runs"
    assert shares(Sample(paired([0.1]))) == "single run"
    assert shares(Sample(paired([0.1, 0.1]))) == "all runs are equal"
    assert shares(Sample(by_encoder([0.1, 0.2]))) == (1, 0, 0)
