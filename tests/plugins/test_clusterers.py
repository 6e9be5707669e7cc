"""Labels of clusterers are those of the libraries, without gaps, and limits hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import genieclust
import numpy as np
import pytest
import sklearn.cluster as sk
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.preprocessing import normalize

from harness import BadParameter, Clusterer, NotApplicable
from harness.execution.compute import _labels
from harness.plugins.clusterers.affinity_propagation import AffinityPropagation
from harness.plugins.clusterers.agglomerative import Agglomerative
from harness.plugins.clusterers.birch import Birch
from harness.plugins.clusterers.bisecting_kmeans import BisectingKMeans
from harness.plugins.clusterers.dbscan import DBSCAN
from harness.plugins.clusterers.genie import Genie
from harness.plugins.clusterers.hdbscan import HDBSCAN
from harness.plugins.clusterers.mean_shift import MeanShift
from harness.plugins.clusterers.minibatch_kmeans import MiniBatchKMeans
from harness.plugins.clusterers.optics import OPTICS
from harness.plugins.clusterers.spectral import Spectral
from harness.plugins.clusterers.spherical_kmeans import SphericalKMeans
from harness.registry.frameworks import frameworks
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry

DIGITS = (load_digits().data[:400] / 16).astype(np.float32)
DIGITS.flags.writeable = False
REGISTRY = load_registry()
NAMES = [name for name in REGISTRY.names("clusterer") if name != "imported"]  # which is not fitted
# A framework is left to processes of its own: see test_scan.
LIGHT = [name for name in NAMES if not frameworks(REGISTRY.find("clusterer", name))]


def make(name: str, **params: Any) -> Any:
    factory: Any = load_plugin(REGISTRY.find("clusterer", name))
    known = factory().get_params()
    wanted = {"n_clusters": 5, "k_max": 5, "random_state": 0, **params}
    return factory(**{key: value for key, value in wanted.items() if key in known})


def test_all_are_here() -> None:
    assert len(NAMES) == 28


@pytest.mark.parametrize("name", LIGHT)
def test_labels_are_numbered_without_gaps(name: str) -> None:
    """Beyond what tests/conformance asks of every plugin."""
    if name == "kmeans-gap":
        pytest.skip("it may find no K here")
    found = make(name, **({"k_max": 12} if name == "kmeans-elbow" else {})).fit(DIGITS)
    assert isinstance(found, Clusterer)
    labels = _labels(found.labels_, len(DIGITS))
    assert [*np.unique(labels[labels >= 0])] == [*range(labels.max() + 1)]
    if "n_clusters" in found.get_params():
        assert labels.max() == 4
    if hasattr(found, "predict"):  # these clusters overlap
        np.testing.assert_array_equal(found.predict(DIGITS), found.labels_)


SAME: list[tuple[Any, Any]] = [
    (MiniBatchKMeans(7, random_state=1), sk.MiniBatchKMeans(7, n_init=1, random_state=1)),
    (BisectingKMeans(7, random_state=1), sk.BisectingKMeans(7, init="k-means++", random_state=1)),
    (Agglomerative(7), sk.AgglomerativeClustering(7)),
    (Agglomerative(7, linkage="average"), sk.AgglomerativeClustering(7, linkage="average")),
    (Birch(7, threshold=0.5), sk.Birch(n_clusters=7)),
    (
        Spectral(7, random_state=1),
        sk.SpectralClustering(7, affinity="nearest_neighbors", random_state=1),
    ),
    (HDBSCAN(min_cluster_size=8), sk.HDBSCAN(min_cluster_size=8, copy=True)),
    (OPTICS(min_samples=4), sk.OPTICS(min_samples=4)),
    (MeanShift(), sk.MeanShift()),
    (MeanShift(bandwidth=1.2, cluster_all=False), sk.MeanShift(bandwidth=1.2, cluster_all=False)),
    (AffinityPropagation(), sk.AffinityPropagation(damping=0.9, max_iter=500, random_state=0)),
    (DBSCAN(eps=1.1, min_samples=4), sk.DBSCAN(eps=1.1, min_samples=4)),
    (Genie(7), genieclust.Genie(n_clusters=7)),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME, ids=lambda each: str(each)[:40])
def test_labels_are_the_librarys(ours: Any, theirs: Any) -> None:
    np.testing.assert_array_equal(ours.fit(DIGITS).labels_, theirs.fit_predict(DIGITS.copy()))


LIMITED = {
    "agglomerative": "agglomerative compares all pairs: 400 samples are more than",
    "spectral": "spectral compares all pairs: 400 samples are more than",
    "hdbscan": "hdbscan compares all pairs: 400 samples are more than",
    "dbscan": "dbscan compares all pairs: 400 samples are more than",
    "optics": "optics compares all pairs: 400 samples are more than",
    "mean-shift": "mean-shift compares all pairs: 400 samples are more than",
    "affinity-propagation": "affinity-propagation compares all pairs: 400 samples are more than",
    "leiden": "leiden compares all pairs: 400 samples are more than",
    "genie": "genie compares all pairs: 400 samples are more than",
}


@pytest.mark.parametrize("name", LIMITED)
def test_more_samples_than_allowed_are_not_applicable(name: str) -> None:
    with pytest.raises(NotApplicable) as caught:
        make(name, max_samples=399).fit(DIGITS)
    assert str(caught.value).startswith(LIMITED[name])
    assert str(caught.value).endswith(f"max_samples=399. To allow it: {name}(max_samples=400)")
    make(name, max_samples=400).fit(DIGITS)


def test_every_clusterer_without_predict_has_a_limit() -> None:
    """Those that cannot label unseen rows are those that look at all pairs."""
    for name in NAMES:
        limited = "max_samples" in make(name).get_params()
        assert limited == (name in LIMITED or name == "birch"), name
        assert hasattr(make(name), "predict") or limited, name


def test_birch_is_limited_by_its_subclusters() -> None:
    assert Birch(5, threshold=1.5, max_samples=100).fit(DIGITS).labels_.max() == 4, "fewer subclusters"
    with pytest.raises(NotApplicable, match=r"birch compares all pairs: \d+ subclusters are"):
        Birch(5, threshold=0.1, max_samples=100).fit(DIGITS)


def test_dbscan_takes_its_radius_from_the_knee() -> None:
    rng = np.random.default_rng(0)
    dense = np.repeat(np.eye(2, dtype=np.float32), 80, axis=0) + rng.normal(size=(160, 2)) * 0.01
    X = np.vstack([dense, rng.random((3, 2)) * 0.6 + 0.2]).astype(np.float32)
    found = DBSCAN().fit(X)
    assert 0.005 < found.eps_ < 0.5
    assert (found.labels_[:160] >= 0).mean() > 0.95
    assert (found.labels_[160:] == -1).all()
    assert found.labels_.max() == 1
    with pytest.raises(NotApplicable, match="have no knee"):
        DBSCAN().fit(np.ones((9, 2), dtype=np.float32))


class TestSphericalKMeans:
    def test_length_does_not_matter(self) -> None:
        scale = np.random.default_rng(0).random((len(DIGITS), 1)).astype(np.float32) + 0.1
        first, second = (SphericalKMeans(6, random_state=0).fit(X) for X in (DIGITS, DIGITS * scale))
        assert (first.labels_ == second.labels_).mean() > 0.99

    def test_is_a_fixed_point(self) -> None:
        """Centres are the mean directions of their clusters, and each sample has its nearest centre."""
        model = SphericalKMeans(6, random_state=0, tol=0).fit(DIGITS)
        cosines = normalize(DIGITS) @ model.cluster_centers_.T
        np.testing.assert_array_equal(model.labels_, cosines.argmax(axis=1))
        means = normalize([normalize(DIGITS)[model.labels_ == k].sum(axis=0) for k in range(6)])
        np.testing.assert_allclose(model.cluster_centers_, means, atol=1e-5)
        assert model.inertia_ == pytest.approx(len(DIGITS) - cosines.max(axis=1).sum(), rel=1e-4)

    def test_is_as_good_as_kmeans_on_directions(self) -> None:
        """On the sphere squared distance is 2 - 2 cosine, so that k-means has nearly the same optimum."""
        directions = normalize(DIGITS)
        ours = SphericalKMeans(6, n_init=20, random_state=0).fit(DIGITS).inertia_
        theirs = sk.KMeans(6, n_init=20, random_state=0).fit(directions)
        near = normalize(theirs.cluster_centers_)
        expected = len(DIGITS) - (directions @ near.T).max(axis=1).sum()
        assert ours == pytest.approx(expected, rel=0.01)

    def test_inertia_is_of_the_centres_also_when_iterations_run_out(self) -> None:
        for most in (0, 1, 3):
            model = SphericalKMeans(6, max_iter=most, random_state=0).fit(DIGITS)
            best = (normalize(DIGITS) @ model.cluster_centers_.T).max(axis=1).sum()
            assert model.n_iter_ == most
            assert model.inertia_ == pytest.approx(len(DIGITS) - best, rel=1e-5)

    def test_more_runs_are_no_worse(self) -> None:
        one, ten = (SphericalKMeans(8, n_init=n, random_state=3).fit(DIGITS).inertia_ for n in (1, 10))
        assert ten <= one

    def test_zeros_are_noise(self) -> None:
        X = DIGITS.copy()
        X[:3] = 0
        model = SphericalKMeans(5, random_state=0).fit(X)
        assert [*model.labels_[:3]] == [-1, -1, -1]
        assert model.labels_[3:].min() == 0
        assert [*model.predict(X[:4])][:3] == [-1, -1, -1]

    def test_empty_cluster_takes_the_worst_placed_sample(self) -> None:
        X = normalize(np.array([[1, 0], [1, 0.1], [0, 1]], dtype=np.float32))
        centers = SphericalKMeans(2)._centers(X, np.array([0, 0, 0]), np.array([0.9, 0.8, 0.1]))
        np.testing.assert_array_equal(centers[1], X[2])

    def test_wrong_k(self) -> None:
        with pytest.raises(BadParameter, match="n_clusters must be at least 1, got 0"):
            SphericalKMeans(0).fit(DIGITS)
        with pytest.raises(NotApplicable, match="only 400 samples have a direction, fewer than the 401"):
            SphericalKMeans(401).fit(DIGITS)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda n: np.zeros(n),
        lambda n: np.full(n, np.nan),
        lambda n: np.full(n, -2),
        lambda n: np.zeros(n + 1, dtype=int),
        lambda n: np.zeros((n, 1), dtype=int),
    ],
    ids=["floats", "nan", "below -1", "length", "shape"],
)
def test_wrong_labels_are_refused(wrong: Callable[[int], NDArray[Any]]) -> None:
    with pytest.raises(Exception, match="labels must"):
        _labels(wrong(9), 9)
