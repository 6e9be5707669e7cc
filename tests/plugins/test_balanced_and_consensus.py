"""balanced-gmm, consensus and leiden: what each promises."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from harness import BadParameter
from harness.plugins.clusterers._balance import balanced, log_shares
from harness.plugins.clusterers.balanced_gmm import BalancedGaussianMixture
from harness.plugins.clusterers.consensus import Consensus
from harness.plugins.clusterers.gmm import GaussianMixture
from harness.plugins.clusterers.kmeans import KMeans
from harness.plugins.clusterers.leiden import Leiden
from harness.plugins.encoders.pca import PCA

DIGITS = load_digits()
X = PCA(15).fit_transform((DIGITS.data / 16).astype(np.float32))


@pytest.mark.parametrize("scale", [0.1, 1.0, 100.0, 1e5])
def test_offsets_give_all_the_same_mass(scale: float) -> None:
    scores = scale * np.random.default_rng(0).normal(size=(500, 6)) + 10 * scale * np.arange(6)
    offsets, excess = balanced(scores)
    masses = np.exp(log_shares(scores + offsets)[1]).sum(axis=0)
    assert masses == pytest.approx(500 / 6, rel=0.011)
    assert excess < 1e-3
    assert offsets.mean() == pytest.approx(0, abs=1e-6 * scale)


def test_offsets_are_the_fixed_point_of_sinkhorns_alternation() -> None:
    scores = np.random.default_rng(0).normal(size=(200, 4))
    offsets = np.zeros(4)
    for _ in range(500):
        offsets -= np.log(np.exp(log_shares(scores + offsets)[1]).mean(axis=0) * 4)
    np.testing.assert_allclose(balanced(scores)[0], offsets - offsets.mean(), atol=0.05)


@pytest.mark.parametrize("covariance_type", ["full", "tied"])
class TestBalanced:
    def test_clusters_have_the_same_mass(self, covariance_type: str) -> None:
        model = BalancedGaussianMixture(10, covariance_type, random_state=0).fit(X)
        assert model.predict_proba(X).sum(axis=0) == pytest.approx(len(X) / 10, rel=0.02)
        plain = GaussianMixture(10, covariance_type, random_state=0).fit(X).labels_
        assert np.ptp(np.bincount(model.labels_)) < np.ptp(np.bincount(plain)) / 2

    def test_it_finds_the_digits(self, covariance_type: str) -> None:
        found = BalancedGaussianMixture(10, covariance_type, random_state=0).fit(X).labels_
        assert normalized_mutual_info_score(DIGITS.target, found) > 0.7

    def test_the_bound_rises(self, covariance_type: str) -> None:
        model = BalancedGaussianMixture(10, covariance_type, tol=1e-4, random_state=0).fit(X)
        assert (np.diff(model.model_.lower_bounds_) > -1e-2).all()

    def test_a_seed_gives_the_same_labels(self, covariance_type: str) -> None:
        first, second = (BalancedGaussianMixture(10, covariance_type, random_state=3).fit(X) for _ in "ab")
        np.testing.assert_array_equal(first.labels_, second.labels_)
        np.testing.assert_array_equal(first.predict(X), first.labels_)


def test_unequal_clusters_are_cut_to_equal_ones() -> None:
    rng = np.random.default_rng(0)
    two = np.repeat([[0.0], [8.0]], [60, 240], axis=0) + rng.normal(size=(300, 1))
    assert sorted(np.bincount(GaussianMixture(2, random_state=0).fit(two).labels_)) == [60, 240]
    assert min(np.bincount(BalancedGaussianMixture(2, random_state=0).fit(two).labels_)) > 100


class TestConsensus:
    @pytest.mark.parametrize("base", ["kmeans", "gmm"])
    def test_it_agrees_with_its_runs_more_than_they_with_each_other(self, base: str) -> None:
        model = Consensus(10, base=base, n_runs=8, random_state=0).fit(X)
        runs = [run.labels_ for run in model.runs_]
        among = [adjusted_rand_score(a, b) for a, b in combinations(runs, 2)]
        assert np.mean([adjusted_rand_score(model.labels_, run) for run in runs]) > np.mean(among)
        np.testing.assert_array_equal(model.predict(X), model.labels_)

    def test_seeds_matter_less_than_to_one_run(self) -> None:
        spread = {}
        for kind in (KMeans, Consensus):
            found = [kind(10, random_state=seed).fit(X).labels_ for seed in range(4)]
            spread[kind] = np.mean(
                [adjusted_rand_score(a, b) for i, a in enumerate(found) for b in found[:i]]
            )
        assert spread[Consensus] > spread[KMeans]

    def test_inertia_counts_labels_that_are_not_predicted(self) -> None:
        apart = np.repeat(np.eye(3) * 50, 20, axis=0) + np.random.default_rng(0).random((60, 3))
        assert Consensus(3, random_state=0).fit(apart).inertia_ == pytest.approx(0, abs=1e-3)


class TestLeiden:
    def test_it_finds_the_digits_and_their_number(self) -> None:
        model = Leiden(random_state=0).fit(X)
        assert 8 <= model.n_clusters_ <= 14
        assert len(np.unique(model.labels_)) == model.n_clusters_
        assert normalized_mutual_info_score(DIGITS.target, model.labels_) > 0.85
        assert (np.diff(np.bincount(model.labels_)) <= 0).all(), "largest first"

    def test_resolution_gives_more_and_fewer(self) -> None:
        few, some, many = (Leiden(each, random_state=0).fit(X).n_clusters_ for each in (0.1, 1, 5))
        assert few < some < many

    def test_a_seed_gives_the_same_labels_and_draws_nothing_else(self) -> None:
        import random

        before = random.getstate()
        first, second = (Leiden(random_state=1).fit(X).labels_ for _ in "ab")
        np.testing.assert_array_equal(first, second)
        assert random.getstate() == before


WRONG = [
    (
        BalancedGaussianMixture(covariance_type="diag"),
        r"covariance_type must be one of full, tied, got 'diag'\.",
    ),
    (Consensus(base="birch"), r"base must be one of kmeans, gmm, got 'birch'\."),
    (Consensus(n_runs=0), r"n_runs must be an integer from 1, got 0\."),
    (Leiden(resolution=-1), r"resolution must be a number from 0, got -1\."),
    (Leiden(n_neighbors=0), r"n_neighbors must be an integer from 1, got 0\."),
]


@pytest.mark.parametrize(("clusterer", "message"), WRONG, ids=lambda each: str(each)[:30])
def test_wrong_parameters_are_one_clear_line(clusterer: Any, message: str) -> None:
    with pytest.raises(BadParameter, match=f"^{message}$"):
        clusterer.fit(X)
