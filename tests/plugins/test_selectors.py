"""Choosers of K: their curves are the textbook ones, and what they choose or refuse is told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.cluster import KMeans
from sklearn.metrics import calinski_harabasz_score, davies_bouldin_score, silhouette_score
from sklearn.mixture import GaussianMixture

from harness import BadParameter, Fit, NotApplicable
from harness.plugins.clusterers.bayesian_gmm import BayesianGaussianMixture
from harness.plugins.clusterers.gmm_aic import MixtureAIC
from harness.plugins.clusterers.gmm_bic import MixtureBIC
from harness.plugins.clusterers.gmm_icl import MixtureICL
from harness.plugins.clusterers.kmeans_calinski_harabasz import KMeansCalinskiHarabasz
from harness.plugins.clusterers.kmeans_davies_bouldin import KMeansDaviesBouldin
from harness.plugins.clusterers.kmeans_elbow import KMeansElbow
from harness.plugins.clusterers.kmeans_gap import KMeansGap
from harness.plugins.clusterers.kmeans_silhouette import KMeansSilhouette

BY_KMEANS = [KMeansElbow, KMeansSilhouette, KMeansGap, KMeansCalinskiHarabasz, KMeansDaviesBouldin]
BY_MIXTURE = [MixtureBIC, MixtureAIC, MixtureICL]
ALL = [*BY_KMEANS, *BY_MIXTURE]


def blobs(k: int, n: int = 240, seed: int = 0) -> NDArray[np.float32]:
    rng = np.random.default_rng(seed)
    X: NDArray[np.float32] = (20 * np.eye(k)[np.arange(n) % k] + rng.normal(size=(n, k))).astype(np.float32)
    X.flags.writeable = False
    return X


def model(selector: type, **params: Any) -> Any:
    params = {"k_max": 8, "n_init": 5, "random_state": 0} | params
    return selector(**params)


@pytest.mark.parametrize("selector", ALL)
@pytest.mark.parametrize("k", [3, 5])
def test_finds_the_number_of_far_apart_blobs(selector: type, k: int) -> None:
    X = blobs(k, seed=11)  # of most others AIC finds more
    found = model(selector).fit(X)
    assert found.n_clusters_ == found.selection_["chosen"] == k
    assert found.selection_["k"] == [*range(2, 9)]
    assert len(found.selection_["values"]) == len(found.selection_["seconds"]) == 7
    assert min(found.selection_["seconds"]) > 0
    assert not found.selection_["edge"]
    assert len(np.unique(found.labels_)) == k
    np.testing.assert_array_equal(found.predict(X), found.labels_)


@pytest.mark.parametrize("selector", ALL)
def test_the_same_seed_gives_the_same(selector: type) -> None:
    X = blobs(3) * 0.05 + np.random.default_rng(1).random((240, 3), dtype=np.float32)
    first, second = (model(selector, k_max=5).fit(X) for _ in range(2))
    assert first.selection_["values"] == second.selection_["values"]
    np.testing.assert_array_equal(first.labels_, second.labels_)


@pytest.mark.parametrize("selector", ALL)
def test_clones(selector: type) -> None:
    changed = model(selector, k_values=[2, 4])
    assert clone(changed).get_params() == changed.get_params()


def test_curves_of_kmeans_are_scikit_learns() -> None:
    X = blobs(4)
    ks = range(2, 7)
    labels = [KMeans(k, n_init=1, random_state=3).fit(X).labels_ for k in ks]
    expected = {
        KMeansElbow: [KMeans(k, n_init=1, random_state=3).fit(X).inertia_ for k in ks],
        KMeansSilhouette: [silhouette_score(X, each) for each in labels],
        KMeansCalinskiHarabasz: [calinski_harabasz_score(X, each) for each in labels],
        KMeansDaviesBouldin: [davies_bouldin_score(X, each) for each in labels],
    }
    for selector, curve in expected.items():
        found = selector(2, 6, random_state=3).fit(X)
        np.testing.assert_allclose(found.selection_["values"], curve, rtol=1e-5)


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_curves_of_mixtures_are_scikit_learns(covariance_type: str) -> None:
    X = blobs(3).astype(np.float64) / 10  # so near that assignments have entropy
    X[:, 0] *= 0.3
    mixtures = [GaussianMixture(k, covariance_type=covariance_type, random_state=1).fit(X) for k in (2, 3, 4)]
    chances = [mixture.predict_proba(X) for mixture in mixtures]
    entropies = [-np.sum(p * np.log(np.maximum(p, 1e-300))) for p in chances]
    assert max(entropies) > 1
    bic = [mixture.bic(X) for mixture in mixtures]
    icl = [b + 2 * entropy for b, entropy in zip(bic, entropies, strict=True)]
    expected = {MixtureBIC: bic, MixtureAIC: [mixture.aic(X) for mixture in mixtures], MixtureICL: icl}
    for selector, curve in expected.items():
        found = selector(2, 4, covariance_type=covariance_type, reg_covar=1e-6, random_state=1).fit(X)
        np.testing.assert_allclose(found.selection_["values"], curve, rtol=1e-7)
        assert found.n_clusters_ == 2 + int(np.argmin(curve))
        np.testing.assert_allclose(found.predict_proba(X).sum(axis=1), 1, rtol=1e-6)


def test_gap_is_the_papers() -> None:
    """Recomputed from the paper's formulas, with the box along the principal axes turned back."""
    X = blobs(3).astype(np.float64)
    found = KMeansGap(1, 5, random_state=0, n_references=40, n_init=3).fit(X)
    rng = np.random.default_rng(1)
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2].T
    turned = centred @ axes
    logs = np.array(
        [
            [np.log(KMeans(k, n_init=3, random_state=0).fit(box).inertia_) for k in range(1, 6)]
            for box in (rng.uniform(turned.min(0), turned.max(0), X.shape) @ axes.T for _ in range(40))
        ]
    )
    w = [np.log(KMeans(k, n_init=3, random_state=0).fit(X).inertia_) for k in range(1, 6)]
    errors = logs.std(axis=0) * np.sqrt(1 + 1 / 40)
    np.testing.assert_allclose(found.selection_["values"], logs.mean(axis=0) - w, atol=float(errors.max()))
    np.testing.assert_allclose(found.selection_["errors"], errors, rtol=0.5)
    assert found.n_clusters_ == 3


def test_gap_rule_of_one_standard_error() -> None:
    gap = KMeansGap()
    gap.errors_ = [0.0, 0.1, 0.2, 0.1]
    assert gap.best([1, 2, 3, 4], [0.0, 0.5, 0.65, 0.9]) == 2, "0.5 >= 0.65 - 0.2"
    assert gap.best([1, 2, 3, 4], [0.5, 0.5, 0.65, 0.9]) == 1
    with pytest.raises(NotApplicable, match="the gap grows up to the end of the range, K = 4: try larger K"):
        gap.best([1, 2, 3, 4], [0.0, 0.5, 0.9, 1.2])


def test_equal_samples_are_perfect_clusters() -> None:
    X = np.repeat(np.random.default_rng(0).random((3, 2), dtype=np.float32), 30, axis=0)
    for selector in (KMeansCalinskiHarabasz, KMeansGap):
        found = selector(k_max=6, n_init=5, random_state=0).fit(X)
        assert found.n_clusters_ == 3, selector
    with pytest.raises(NotApplicable, match="all samples are equal"):
        KMeansGap().fit(np.full((40, 2), 0.5, dtype=np.float32))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_references": 0}, "n_references must be at least 1, got 0"),
        ({"reference_size": 20}, "reference_size must be more than the largest K, 20, got 20"),
    ],
)
def test_wrong_references_are_refused(params: dict[str, Any], message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        KMeansGap(**params).check_params()


def test_gap_of_uniform_noise_is_one_cluster() -> None:
    X = np.random.default_rng(0).random((300, 2), dtype=np.float32)
    assert KMeansGap(k_min=1, k_max=6, random_state=0, n_init=3).fit(X).n_clusters_ == 1


def test_references_of_many_rows_are_smaller_sets() -> None:
    X = blobs(3, n=900)
    whole = KMeansGap(k_max=5, random_state=0, n_init=3).fit(X)
    part = KMeansGap(k_max=5, random_state=0, n_init=3, reference_size=450).fit(X)
    assert whole.n_clusters_ == part.n_clusters_ == 3
    np.testing.assert_allclose(part.selection_["values"], whole.selection_["values"], atol=0.05)


def test_no_elbow_is_no_k_and_the_curve_is_kept() -> None:
    line = KMeansElbow(2, 6)
    fits = [Fit(k, np.zeros(9, dtype=np.int64), {"inertia": 100.0 - 10 * k}) for k in range(2, 7)]
    with pytest.raises(NotApplicable, match="no elbow from K = 2 to 6"):
        line.choose(np.zeros((9, 1)), fits)
    assert line.selection_["values"] == [80.0, 70.0, 60.0, 50.0, 40.0]
    assert line.selection_["chosen"] is None
    with pytest.raises(NotApplicable, match="no elbow"):
        KMeansElbow().fit(np.zeros((30, 2), dtype=np.float32) + np.float32(0.5))


def test_elbow_is_kneeds() -> None:
    curve = [100.0, 50.0, 20.0, 18.0, 17.0, 16.5]
    assert KMeansElbow().best([2, 3, 4, 5, 6, 7], [*curve]) == 4


@pytest.mark.parametrize(
    ("params", "edge", "advice"),
    [
        ({"k_max": 3}, True, "K = 3 is at the edge of the range 2 to 3 that was tried: try larger K too"),
        ({"k_min": 6}, True, "K = 6 is at the edge of the range 6 to 8 that was tried: try smaller K too"),
        ({"k_values": [2, 4, 8]}, False, ""),
    ],
)
def test_a_choice_at_the_edge_is_flagged(params: dict[str, Any], edge: bool, advice: str) -> None:
    X = blobs(4)
    chooser = model(MixtureBIC, **params)
    if not edge:
        assert not chooser.fit(X).selection_["edge"]
        return
    with pytest.warns(UserWarning, match=advice):
        assert chooser.fit(X).selection_["edge"]


def test_what_cannot_be_less_is_told_so() -> None:
    X = blobs(2)
    with pytest.warns(UserWarning, match="K = 2 is the least that silhouette can choose"):
        assert model(KMeansSilhouette).fit(X).n_clusters_ == 2
    with np.testing.assert_no_warnings():
        assert model(MixtureBIC, k_min=1).fit(X[::2]).n_clusters_ == 1, "below 1 there is nothing to try"


def test_one_cluster_has_no_index() -> None:
    X = blobs(3)
    for selector in (KMeansSilhouette, KMeansCalinskiHarabasz, KMeansDaviesBouldin):
        found = model(selector, k_min=1).fit(X)
        assert found.selection_["values"][0] is None
        assert found.n_clusters_ == 3
    with pytest.raises(NotApplicable, match="has no value at any K"):
        KMeansSilhouette().fit(np.full((30, 2), 0.5, dtype=np.float32))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"k_min": 0}, "K must be integers of at least 1, got"),
        ({"k_values": [2, "x"]}, "K must be integers"),
        ({"k_values": 5}, "K must be integers"),
        ({"k_values": [4, 4]}, "at least 2 values of K"),
        ({"k_min": 9}, "at least 2 values of K"),
    ],
)
def test_wrong_ranges_are_refused(params: dict[str, Any], message: str) -> None:
    with pytest.raises(BadParameter, match=message):
        model(KMeansElbow, **params).check_params()


def test_k_stays_below_the_number_of_samples() -> None:
    assert [*KMeansElbow().candidates(6)] == [2, 3, 4, 5]
    with pytest.raises(NotApplicable, match="at least 2 values of K to compare"):
        KMeansElbow().fit(np.eye(3, dtype=np.float32))


def test_candidates_are_written_as_briefly_as_they_can_be() -> None:
    assert KMeansElbow(2, 3).candidates(9) == {
        2: ("kmeans", {"n_clusters": 2}),
        3: ("kmeans", {"n_clusters": 3}),
    }
    written = KMeansElbow(k_values=[5, 7], n_init=4, random_state=5).candidates(9)
    assert written[7] == ("kmeans", {"n_init": 4, "random_state": 5, "n_clusters": 7})


def test_silhouette_of_many_rows_takes_a_seeded_sample() -> None:
    X = blobs(3, n=600)
    whole, part = (model(KMeansSilhouette, sample_size=n).fit(X).selection_["values"] for n in (600, 200))
    assert whole != part
    np.testing.assert_allclose(part, whole, atol=0.1)


def test_bayesian_mixture_leaves_components_empty() -> None:
    X = blobs(3)
    found = BayesianGaussianMixture(k_max=8, random_state=0).fit(X)
    assert found.n_clusters_ == found.selection_["chosen"] == 3
    assert sorted(found.selection_["values"], reverse=True) == found.selection_["values"]
    assert [*np.unique(found.labels_)] == [0, 1, 2]
    np.testing.assert_array_equal(found.predict(X), found.labels_)
    np.testing.assert_allclose(found.predict_proba(X).sum(axis=1), 1, rtol=1e-6)
    with pytest.warns(UserWarning, match="all 2 components own samples: allow more"):
        assert BayesianGaussianMixture(k_max=2, random_state=0).fit(X).selection_["edge"]
