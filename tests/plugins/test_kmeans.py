"""K-means: scikit-learn's, with our defaults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.cluster import KMeans as SklearnKMeans

from harness import Clusterer
from harness.plugins.clusterers.kmeans import KMeans


def blobs(n: int = 90) -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    X: NDArray[np.float32] = (4 * np.eye(3)[np.arange(n) % 3] + rng.normal(size=(n, 3))).astype(np.float32)
    X.flags.writeable = False
    return X


def test_parameters_are_those_of_the_signature() -> None:
    expected = {
        "n_clusters": 8,
        "init": "k-means++",
        "n_init": 1,
        "max_iter": 300,
        "tol": 1e-4,
        "algorithm": "lloyd",
        "random_state": None,
    }
    assert KMeans().get_params() == expected
    changed = KMeans(n_clusters=3, n_init=4, random_state=5)
    assert clone(changed).get_params() == changed.get_params()
    assert clone(changed).set_params(n_clusters=2).n_clusters == 2


@pytest.mark.parametrize("options", [{}, {"algorithm": "elkan"}, {"init": "random", "n_init": 3}])
def test_equals_scikit_learn(options: dict[str, Any]) -> None:
    X = blobs()
    ours = KMeans(n_clusters=3, random_state=7, **options).fit(X)
    theirs = SklearnKMeans(3, random_state=7, **{"n_init": 1, **options}).fit(X)
    np.testing.assert_array_equal(ours.labels_, theirs.labels_)
    assert ours.inertia_ == pytest.approx(theirs.inertia_)
    assert ours.n_iter_ == theirs.n_iter_


def test_fit_keeps_to_the_contract() -> None:
    X = blobs()
    before = X.copy()
    assert isinstance(KMeans().fit(X), Clusterer)
    model = KMeans(n_clusters=3, random_state=0).fit(X)
    assert np.issubdtype(model.labels_.dtype, np.integer)
    assert sorted(set(model.labels_.tolist())) == [0, 1, 2]
    assert model.cluster_centers_.dtype == np.float32
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(model.predict(X), model.labels_)


def test_a_seed_gives_the_same_labels_whatever_numpy_drew_before() -> None:
    X = blobs()
    first = KMeans(n_clusters=5, random_state=3).fit(X).labels_
    np.random.default_rng().random(10)
    np.testing.assert_array_equal(KMeans(n_clusters=5, random_state=3).fit(X).labels_, first)


def test_more_clusters_than_samples_is_an_error_with_both_numbers() -> None:
    with pytest.raises(ValueError, match=r"n_samples=3 .* n_clusters=8"):
        KMeans().fit(blobs(3))
