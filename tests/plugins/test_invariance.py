"""Neither the unit nor the offset of samples changes what built-in plugins make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from study_files import study

from harness.plugins._frame import Frame
from harness.plugins.clusterers.agglomerative import Agglomerative
from harness.plugins.clusterers.gmm import GaussianMixture
from harness.plugins.clusterers.hdbscan import HDBSCAN
from harness.plugins.clusterers.kmeans import KMeans
from harness.plugins.encoders.pca import PCA

ROOT = Path(__file__).parents[2]


STUDY = study("invariance")
X, TRUTH = STUDY.samples()
OFFSET = np.array([5e5, 45e5, -1e4])


def cases(names: list[str]) -> list[Any]:
    kinds = [(kind, precision) for kind in STUDY.CHANGES for precision in STUDY.PRECISIONS]
    return [
        (name, *each) for name in names for each in kinds if name not in STUDY.ANGLES or each[0] == "unit"
    ]


@pytest.mark.parametrize(("name", "kind", "precision"), cases(STUDY.CLUSTERERS))
def test_labels_stay(name: str, kind: str, precision: str) -> None:
    assert {each: STUDY.agreement(name, each, precision) for each in STUDY.CHANGES[kind]} == dict.fromkeys(
        STUDY.CHANGES[kind], 1.0
    )


@pytest.mark.parametrize(("name", "kind", "precision"), cases(STUDY.METRICS))
def test_scores_stay(name: str, kind: str, precision: str) -> None:
    assert max(STUDY.difference(name, each, precision) for each in STUDY.CHANGES[kind]) < STUDY.TOLERANCE


def test_the_page_shows_what_the_study_writes() -> None:
    assert STUDY.tables() in (ROOT / "docs" / "invariance.md").read_text()


def test_only_what_is_here_is_left_out() -> None:
    assert set(STUDY.ANGLES) <= {*STUDY.CLUSTERERS, *STUDY.METRICS}
    moved = STUDY.make("spherical-kmeans").fit(X + 10).labels_
    assert adjusted_rand_score(STUDY.make("spherical-kmeans").fit(X).labels_, moved) < 1


@pytest.mark.parametrize("a", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize("name", ["kmeans", "minibatch-kmeans", "bisecting-kmeans", "mean-shift"])
def test_centres_and_inertia_are_in_units_of_the_samples(name: str, a: float) -> None:
    samples = a * (X + OFFSET)
    plain, found = STUDY.make(name).fit(X), STUDY.make(name).fit(samples)
    near = pytest.approx(plain.cluster_centers_, abs=1e-6)
    assert found.cluster_centers_ / a - OFFSET == near
    if hasattr(plain, "inertia_"):
        assert found.inertia_ == pytest.approx(a**2 * plain.inertia_, rel=1e-6)
    np.testing.assert_array_equal(found.predict(samples[:7]), found.labels_[:7])


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
@pytest.mark.parametrize("name", ["gmm", "bayesian-gmm"])
def test_likelihoods_are_those_of_the_samples(name: str, covariance_type: str) -> None:
    """A density is per volume: its log falls by d log(a), and the variational bound by as much per degree."""
    plain, found = (
        STUDY.make(name, covariance_type=covariance_type).fit(each) for each in (X, 1e5 * (X + OFFSET))
    )
    assert adjusted_rand_score(plain.labels_, found.labels_) == 1
    degrees = np.broadcast_to(plain.model_.degrees_of_freedom_, 6).sum() if name == "bayesian-gmm" else 1
    volume = X.shape[1] * np.log(1e5)
    assert found.lower_bound_ == pytest.approx(plain.lower_bound_ - degrees * volume, rel=1e-6)
    for criterion in ("bic_", "aic_", "icl_") if name == "gmm" else ():
        expected = getattr(plain, criterion) + 2 * len(X) * volume
        assert getattr(found, criterion) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "power", "params"),
    [
        ("birch", 1, {"threshold": 7.5}),
        ("dbscan", 1, {"eps": 2.0}),
        ("mean-shift", 1, {"bandwidth": 2.0}),
        ("optics", 1, {"max_eps": 2.0}),
        ("affinity-propagation", 2, {"preference": -10.0}),
        ("gmm", 2, {"reg_covar": 20.0}),
        ("bayesian-gmm", 2, {"reg_covar": 20.0}),
    ],
)
def test_what_the_user_writes_is_in_units_of_the_samples(
    name: str, power: int, params: dict[str, float]
) -> None:
    expected = STUDY.make(name, **params).fit(X).labels_
    assert adjusted_rand_score(expected, STUDY.make(name).fit(X).labels_) < 1, "it matters"
    written = {key: value * 1e4**power for key, value in params.items()}
    assert adjusted_rand_score(expected, STUDY.make(name, **written).fit(1e4 * (X + OFFSET)).labels_) == 1


def test_other_lengths_that_the_user_writes() -> None:
    model = HDBSCAN(cluster_selection_epsilon=3e4)
    frame = Frame.of(1e4 * X)
    assert model.build(frame).cluster_selection_epsilon * frame.unit == 3e4


def test_first_centres_may_be_given() -> None:
    first = (X + OFFSET)[:4]
    found = KMeans(4, init=first).fit(X + OFFSET)
    np.testing.assert_array_equal(found.labels_, KMeans(4, init=X[:4]).fit(X).labels_)


@pytest.mark.parametrize("unit", [1e-25, 1e25])
@pytest.mark.parametrize("metric", ["cosine", "l1"])
def test_agglomerative_by_other_distances(metric: str, unit: float) -> None:
    model = Agglomerative(4, linkage="average", metric=metric)
    expected = model.fit(X.astype(np.float32)).labels_
    np.testing.assert_array_equal(model.fit((unit * X).astype(np.float32)).labels_, expected)
    same = adjusted_rand_score(expected, model.fit(X + 100).labels_)
    assert (same == 1) == (metric == "l1")


def test_a_feature_in_small_units_is_not_drowned_by_the_regularisation() -> None:
    rng = np.random.default_rng(0)
    truth = np.arange(300) % 2
    income, age = 1e9 * (truth + rng.normal(0, 0.4, 300)), 30 + 20 * truth + rng.normal(0, 2, 300)
    found = GaussianMixture(2, random_state=0).fit(np.column_stack([income, age]))
    assert adjusted_rand_score(truth, found.labels_) > 0.98, "income alone tells 4 of 5"


@pytest.mark.parametrize("whiten", [False, True])
@pytest.mark.parametrize("a", [1e-6, 1.0, 1e6])
def test_pca(a: float, whiten: bool) -> None:
    expected = PCA(2, whiten=whiten).fit(X).transform(X)
    samples = a * (X + OFFSET)
    found = PCA(2, whiten=whiten).fit(samples).transform(samples) / (1 if whiten else a)
    assert found.dtype == np.float64
    signs = np.sign((found * expected).sum(axis=0))
    np.testing.assert_allclose(found * signs, expected, atol=1e-6)


def test_usual_samples_are_left_bit_by_bit() -> None:
    pixels = np.random.default_rng(0).random((500, 9), dtype=np.float32)
    assert Frame.of(pixels).inside(pixels) is pixels


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_frame_of_any_finite_range(dtype: type) -> None:
    info = np.finfo(dtype)
    for largest in (float(info.max), float(info.tiny) * 1e3, 1.0):
        samples = (np.linspace(-1, 1, 60).reshape(20, 3) * largest).astype(dtype)
        found = Frame.of(samples).inside(samples)
        assert found.dtype == dtype
        assert 0.1 < found.std() < 10
    constant = np.full((20, 3), 0.1, dtype)
    assert not Frame.of(constant).variances.any()
    assert not Frame.of(constant).inside(constant).any()
