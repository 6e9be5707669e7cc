"""Fits of many steps tell how far they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans as LibraryKMeans

from harness.core.progress import listening
from harness.plugins._frame import Frame
from harness.plugins.clusterers.balanced_gmm import BalancedGaussianMixture
from harness.plugins.clusterers.bayesian_gmm import BayesianGaussianMixture
from harness.plugins.clusterers.gmm import GaussianMixture
from harness.plugins.clusterers.kmeans import KMeans
from harness.plugins.clusterers.scan import SCAN
from harness.plugins.clusterers.spherical_kmeans import SphericalKMeans

X = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
X[:150] += 3


def told(model: Any, rows: Any = X) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    with listening(lambda *report: found.append(report)):
        model.fit(rows)
    return found


@pytest.mark.parametrize(
    "model",
    [
        *(GaussianMixture(3, each, random_state=0) for each in ("full", "tied", "diag")),
        *(BalancedGaussianMixture(3, each, random_state=0) for each in ("full", "tied")),
        *(
            BayesianGaussianMixture(5, covariance_type=each, random_state=0)
            for each in ("full", "tied", "diag", "spherical")
        ),
    ],
    ids=str,
)
def test_mixtures_tell_each_step(model: Any) -> None:
    found = told(model)
    steps = [done for done, total, note in found if not total and "ends below 0.001" in note]
    assert steps == [*range(1, model.n_iter_ + 1)]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("algorithm", ["lloyd", "elkan"])
def test_kmeans_tells_each_iteration_and_finds_what_scikit_learn_finds(algorithm: Any, dtype: Any) -> None:
    rows = Frame.of(X.astype(dtype)).inside(X.astype(dtype))
    for n_init in (1, 3):
        model = KMeans(9, n_init=n_init, algorithm=algorithm, random_state=0)
        expected = LibraryKMeans(9, n_init=n_init, algorithm=algorithm, random_state=0).fit(rows)
        steps = [
            done for done, total, note in told(model, X.astype(dtype)) if not total and "moved by" in note
        ]
        assert np.array_equal(model.labels_, expected.labels_)
        assert (model.n_iter_, model.model_.inertia_) == (expected.n_iter_, expected.inertia_)
        assert steps == [*range(1, len(steps) + 1)]
        # An iteration that changes no label ends a run without a comparison of centres.
        assert (model.n_iter_ - 1 <= len(steps) <= model.n_iter_) if n_init == 1 else len(steps) > 2 * n_init


def test_a_tolerance_that_is_no_number_is_scikit_learns_to_refuse() -> None:
    with pytest.raises(ValueError, match="'tol' parameter of KMeans must be a float"):
        KMeans(2, tol="small").fit(X)  # type: ignore[arg-type]


def test_spherical_kmeans_tells_each_iteration() -> None:
    model = SphericalKMeans(4, random_state=0)
    assert [done for done, _, note in told(model) if "mean cosine" in note] == [*range(1, model.n_iter_ + 1)]


def test_heads_tell_neighbours_and_steps() -> None:
    found = told(SCAN(2, steps=30, n_heads=2, random_state=0))
    assert (0, 300, "neighbours") in found
    assert [(done, total) for done, total, note in found if note == "heads"] == [(n, 30) for n in range(30)]
