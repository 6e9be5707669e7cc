"""The Gaussian mixture equals scikit-learn's, in every covariance type and precision."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.datasets import load_digits, make_blobs
from sklearn.mixture import GaussianMixture as SklearnMixture

from harness.plugins.clusterers._full_mixture import FullMixture
from harness.plugins.clusterers.gmm import GaussianMixture

DIGITS = (load_digits().data / 16).astype(np.float32)
BLOBS = make_blobs(800, 12, centers=5, cluster_std=3, random_state=0)[0]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("X", [DIGITS.astype(np.float64), BLOBS], ids=["digits", "blobs"])
def test_full_equals_scikit_learn(X: np.ndarray, seed: int) -> None:
    expected = SklearnMixture(5, random_state=seed).fit(X)
    found = FullMixture(5, random_state=seed).fit(X)
    assert found.n_iter_ == expected.n_iter_
    assert found.lower_bound_ == pytest.approx(expected.lower_bound_, rel=1e-9)
    np.testing.assert_array_equal(found.predict(X), expected.predict(X))
    np.testing.assert_allclose(found.predict_proba(X), expected.predict_proba(X), atol=1e-6)
    np.testing.assert_allclose(found.covariances_, expected.covariances_, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("X", [DIGITS, BLOBS], ids=["digits", "blobs"])
def test_each_step_equals_scikit_learns(X: np.ndarray, dtype: type) -> None:
    """Whole float32 fits may part after many steps, by rounding; a single step must not."""
    X = X.astype(dtype)
    tolerance = 100 * np.finfo(dtype).eps
    expected = SklearnMixture(5, random_state=0).fit(X)
    found = FullMixture(5, random_state=0)
    found.__dict__ |= {name: value for name, value in vars(expected).items() if name.endswith("_")}
    log_prob = expected._estimate_log_prob(X)
    np.testing.assert_allclose(
        found._estimate_log_prob(X), log_prob, rtol=0, atol=tolerance * np.abs(log_prob).max()
    )
    responsibilities = expected._estimate_log_prob_resp(X)[1]
    for model in (expected, found):
        model._m_step(X, responsibilities)
    scale = np.abs(expected.covariances_).max()
    np.testing.assert_allclose(found.covariances_, expected.covariances_, rtol=0, atol=tolerance * scale)
    np.testing.assert_allclose(found.weights_, expected.weights_, rtol=tolerance)
    assert found.covariances_.dtype == found.precisions_cholesky_.dtype == dtype


@pytest.mark.parametrize("covariance_type", ["full", "tied", "diag", "spherical"])
def test_plugin_equals_scikit_learn(covariance_type: str) -> None:
    expected = SklearnMixture(6, covariance_type=covariance_type, random_state=3).fit_predict(DIGITS)
    model = GaussianMixture(6, covariance_type, reg_covar=1e-6, random_state=3).fit(DIGITS)
    np.testing.assert_array_equal(model.labels_, expected)
    np.testing.assert_array_equal(model.predict(DIGITS), model.labels_)
    assert model.predict_proba(DIGITS).shape == (len(DIGITS), 6)


def test_warm_starts_and_several_initialisations() -> None:
    expected = SklearnMixture(4, n_init=3, init_params="random", random_state=0).fit(BLOBS)
    found = FullMixture(4, n_init=3, init_params="random", random_state=0).fit(BLOBS)
    assert found.lower_bound_ == pytest.approx(expected.lower_bound_, rel=1e-6)


def test_float32_keeps_the_result() -> None:
    single = GaussianMixture(10, random_state=0).fit(DIGITS).labels_
    double = GaussianMixture(10, random_state=0).fit(DIGITS.astype(np.float64)).labels_
    assert (single == double).mean() > 0.99


def test_singular_covariance_is_one_clear_line() -> None:
    X = np.zeros((20, 3), dtype=np.float32)
    with pytest.raises(ValueError, match="reg_covar") as caught:
        GaussianMixture(2, reg_covar=0.0, random_state=0).fit(X)
    assert "\n" not in str(caught.value)


def test_parameters_are_stored_untouched() -> None:
    model = clone(GaussianMixture(3, tol=0.5))
    assert model.get_params()["tol"] == 0.5
    assert not [name for name in vars(model) if name.endswith("_")]
