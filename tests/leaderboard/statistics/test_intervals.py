"""Intervals cover what they should, for one kind of seeds and for two, and are never invented."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from numpy.typing import NDArray
from samples import by_clusterer, constant, crossed, paired
from scipy import stats

from harness.core.board import Value
from harness.leaderboard.statistics.intervals import interval, too_few
from harness.leaderboard.statistics.samples import Sample, mean_squares, spread, variance_of_mean

SCORES = some.lists(some.floats(0, 1).map(lambda value: round(value, 4)), min_size=5, max_size=12)


def covered(samples: list[Sample], truth: float) -> float:
    found = [each for each in map(interval, samples) if each is not None]
    assert len(found) == len(samples)
    return float(np.mean([each.low <= truth <= each.high for each in found]))


@pytest.mark.parametrize("n", [5, 10])
@pytest.mark.parametrize("kind", ["normal", "beta"])
def test_coverage_of_runs(n: int, kind: str) -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(0.8, 0.03, (3000, n)) if kind == "normal" else rng.beta(8, 2, (3000, n))
    assert 0.92 <= covered([Sample(paired(each)) for each in scores], 0.8) <= 0.97


@pytest.mark.parametrize("parts", [(1, 0, 0.5), (0, 1, 0), (1, 1, 0), (0, 0, 1)], ids=str)
def test_coverage_of_two_kinds_of_seeds(parts: tuple[float, float, float]) -> None:
    rng = np.random.default_rng(0)
    encoder, clusterer, both = parts
    layouts: NDArray[np.float64] = (
        encoder * rng.normal(size=(1000, 5, 1))
        + clusterer * rng.normal(size=(1000, 1, 5))
        + both * rng.normal(size=(1000, 5, 5))
    )
    # Of 1,000 layouts the share has a standard error of 0.7%.
    assert 0.925 <= covered([Sample(crossed(each)) for each in layouts], 0.0) <= 0.995


@given(SCORES)
@settings(max_examples=60, deadline=None)
def test_an_interval_holds_the_mean_and_moves_with_the_scores(scores: list[float]) -> None:
    found = interval(Sample(paired(scores)))
    assert found is not None
    assert found.low <= np.mean(scores) + 1e-12
    assert found.high >= np.mean(scores) - 1e-12
    moved = interval(Sample(paired(2 * np.array(scores) + 1)))
    assert moved is not None
    assert np.allclose(moved, 2 * np.array(found) + 1, atol=1e-6)


def test_it_is_that_of_scipy() -> None:
    scores = np.random.default_rng(0).random(7)
    expected = stats.ttest_1samp(scores, 0).confidence_interval()
    assert interval(Sample(paired(scores))) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize("value", [0.1, 0.7, 1 / 3])
def test_of_equal_runs_it_is_their_value(value: float) -> None:
    assert interval(Sample(paired([value] * 7))) == (value, value)
    assert interval(Sample(crossed([[value] * 5] * 5))) == pytest.approx((value, value), abs=1e-15)


def test_seeds_that_change_nothing_hide_no_spread() -> None:
    layout = np.tile([0.5, 0.6, 0.7, 0.6, 0.55], (5, 1))  # five encoder seeds, one and the same embedding
    both, alone = interval(Sample(crossed(layout))), interval(Sample(by_clusterer(layout[0])))
    assert both is not None
    assert alone is not None
    assert both.high - both.low > 0.5 * (alone.high - alone.low)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([], "no runs"),
        (constant(0.5), "deterministic"),
        (paired([0.5]), "single run"),
        (paired([0.5, 0.6, 0.7, 0.8]), "4 runs, 5 are needed"),
        (crossed(np.ones((1, 5))), "a single encoder seed"),
        (crossed(np.ones((4, 4))), "4 x 4 seeds, 5 of one kind and 3 of the other are needed"),
        (crossed(np.ones((5, 2))), "5 x 2 seeds, 5 of one kind and 3 of the other are needed"),
        (crossed(np.ones((5, 5)))[:-1], "seeds are neither paired"),
        ([*paired([0.1] * 5), Value(0, 1, 0.2)], "seeds are neither paired"),
    ],
)
def test_it_is_refused_with_a_reason(values: list[Value], why: str) -> None:
    assert interval(Sample(values)) is None
    assert too_few(Sample(values)).startswith(why)


def test_mean_squares_are_those_of_a_textbook() -> None:
    # Box, Hunter & Hunter (1978), penicillin: five blends in blocks, four treatments.
    layout = np.array(
        [[89, 88, 97, 94], [84, 77, 92, 79], [81, 87, 87, 85], [87, 92, 89, 84], [79, 81, 80, 88]]
    )
    found = mean_squares(layout)
    assert float(found.encoder) == pytest.approx(264 / 4)
    assert float(found.clusterer) == pytest.approx(70 / 3)
    assert float(found.rest) == pytest.approx(226 / 12)
    assert float(variance_of_mean(found, 20)) == pytest.approx((264 / 4 + 70 / 3 - 226 / 12) / 20)


def test_spread_is_that_of_numpy() -> None:
    rows = np.random.default_rng(0).random((4, 6))
    assert np.allclose(spread(rows), rows.var(axis=1, ddof=1))
