"""Differences to baselines: paired where seeds allow, with intervals that cover, and never invented."""

from __future__ import annotations

import numpy as np
import pytest
from samples import board, by_clusterer, by_encoder, constant, crossed, paired
from scipy import stats

from harness.core.board import Value
from harness.core.errors import HarnessError
from harness.leaderboard.statistics.differences import difference, find_baseline
from harness.leaderboard.statistics.intervals import interval
from harness.leaderboard.statistics.samples import Sample

RNG = np.random.default_rng(0)
FIVE, MORE = RNG.random(5), RNG.random((5, 5))


@pytest.mark.parametrize(
    ("row", "baseline", "expected"),
    [
        (paired(FIVE), paired(FIVE / 2), paired(FIVE / 2)),
        (by_encoder(FIVE), paired(FIVE / 2), paired(FIVE / 2)),
        (crossed(MORE), by_encoder(FIVE), crossed(MORE - FIVE[:, None])),
        (crossed(MORE), crossed(MORE / 2), crossed(MORE / 2)),
    ],
)
def test_rows_of_the_same_embeddings_are_paired(
    row: list[Value], baseline: list[Value], expected: list[Value]
) -> None:
    found = difference(Sample(row), Sample(baseline), same_encoder=True)
    assert found is not None
    assert found.how == "paired"
    assert found.n == len(expected)
    assert found.mean == pytest.approx(np.mean([each.value for each in expected]))
    assert found.interval == pytest.approx(interval(Sample(expected)), abs=1e-9)
    apart = difference(Sample(row), Sample(baseline))
    assert apart is not None
    assert (apart.how, apart.mean) == ("unpaired", pytest.approx(found.mean))
    assert apart.interval != pytest.approx(found.interval)


@pytest.mark.parametrize(
    ("row", "baseline"),
    [
        (by_encoder(FIVE), by_clusterer(FIVE)),
        (paired(FIVE), paired([*FIVE, 0.5])),
        (crossed(MORE), paired(FIVE)),
        (by_clusterer(FIVE), by_clusterer(FIVE / 2)),
        (by_clusterer([*FIVE, 0.1]), by_clusterer(FIVE)),
    ],
)
def test_what_has_no_partners_is_compared_unpaired(row: list[Value], baseline: list[Value]) -> None:
    found = difference(Sample(row), Sample(baseline), same_encoder=True)
    back = difference(Sample(baseline), Sample(row), same_encoder=True)
    assert found is not None
    assert back is not None
    assert found.how == back.how == "unpaired"
    assert found.mean == pytest.approx(-back.mean)
    assert found.interval is not None
    assert found.interval.low < found.mean < found.interval.high


def test_they_are_those_of_scipy() -> None:
    other, third = RNG.random(7), RNG.random(5)
    welch = stats.ttest_ind(FIVE, other, equal_var=False).confidence_interval()
    found = difference(Sample(by_encoder(FIVE)), Sample(by_clusterer(other)))
    assert found is not None
    assert found.interval == pytest.approx((welch.low, welch.high))
    pairs = stats.ttest_rel(FIVE, third).confidence_interval()
    found = difference(Sample(by_encoder(FIVE)), Sample(paired(third)), same_encoder=True)
    assert found is not None
    assert found.interval == pytest.approx((pairs.low, pairs.high))
    one = stats.ttest_1samp(FIVE, 0.4).confidence_interval()
    found = difference(Sample(by_encoder(FIVE)), Sample(constant(0.4)))
    assert found is not None
    assert found.interval == pytest.approx((one.low - 0.4, one.high - 0.4))


def test_unpaired_intervals_cover() -> None:
    rng = np.random.default_rng(0)
    hits = []
    for first, second in zip(rng.normal(0.8, 0.02, (800, 5)), rng.normal(0.7, 0.05, (800, 7)), strict=True):
        found = difference(Sample(by_encoder(first)), Sample(by_clusterer(second)))
        assert found is not None
        assert found.interval is not None
        hits.append(found.interval.low <= 0.1 <= found.interval.high)
    assert 0.925 <= np.mean(hits) <= 0.975


def test_without_an_interval_it_is_said_why() -> None:
    exact = difference(Sample(constant(0.7)), Sample(constant(0.5)))
    assert exact is not None
    assert (exact.how, exact.interval, exact.why) == ("exact", None, "")
    few = difference(Sample(paired([0.1, 0.2])), Sample(constant(0.5)))
    assert few is not None
    assert few.why == "row: 2 runs, 5 are needed"
    apart = difference(Sample(by_encoder([0.1, 0.2])), Sample(by_clusterer(FIVE)))
    assert apart is not None
    assert apart.why == "row: 2 runs, 5 are needed"
    assert difference(Sample([]), Sample(paired(FIVE))) is None


def test_baselines_are_found_with_and_without_parameters() -> None:
    names = ("identity + kmeans", "pca(n_components=50) + kmeans", "pca(n_components=9)+a + gmm", "pca + gmm")
    found = board(dict.fromkeys(names, constant(0.5)))
    assert find_baseline(found, "identity+kmeans") is found.rows[0]
    assert find_baseline(found, "pca + kmeans") is found.rows[1]
    assert find_baseline(found, "pca+a + gmm") is found.rows[2]
    assert find_baseline(found, "pca + gmm") is found.rows[3]
    assert find_baseline(found, "umap + gmm", required=False) is None
    with pytest.raises(HarnessError, match=r"has no row 'pca \+ kmean'\. Did you mean 'pca"):
        find_baseline(found, "pca + kmean")
    twice = board(dict.fromkeys(("pca(2) + kmeans", "pca(3) + kmeans"), constant(0.5)))
    with pytest.raises(
        HarnessError, match=r"is ambiguous between 'pca\(2\) \+ kmeans', 'pca\(3\) \+ kmeans'\."
    ):
        find_baseline(twice, "pca + kmeans")
    assert find_baseline(twice, "pca + kmeans", required=False) is None
