"""The encoders that need no training: identity and pca."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.decomposition import PCA as SklearnPCA
from sklearn.exceptions import NotFittedError

from harness import BadParameter, Encoder
from harness.plugins.encoders.identity import Identity
from harness.plugins.encoders.pca import PCA

Floats = NDArray[np.float32]


def samples(n: int = 200, d: int = 64, seed: int = 0) -> Floats:
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(n, 8)) @ rng.normal(size=(8, d)) + 0.1 * rng.normal(size=(n, d))
    array: Floats = (mixed - mixed.min()).astype(np.float32) / np.float32(np.ptp(mixed))
    array.flags.writeable = False
    return array


@pytest.mark.parametrize("encoder", [Identity(), PCA(), PCA(n_components=3, whiten=True)])
def test_codes_are_single_precision(encoder: Any) -> None:
    assert encoder.fit(samples()).transform(samples()).dtype == np.float32
    assert encoder.n_features_in_ == 64


@pytest.mark.parametrize("kind", [Identity, PCA])
def test_encoders_fulfil_the_protocol(kind: type) -> None:
    assert isinstance(kind(), Encoder)


def test_identity_returns_the_very_same_array() -> None:
    X = samples()
    assert Identity().fit(X[:10]).transform(X) is X
    assert list(vars(Identity().fit(X))) == ["n_features_in_"]


@pytest.mark.parametrize(("n", "d", "expected"), [(200, 64, 50), (200, 7, 7), (20, 64, 20)])
def test_auto_is_fifty_or_what_there_is(n: int, d: int, expected: int) -> None:
    X = samples(n, d)
    encoder = PCA().fit(X)
    assert encoder.transform(X).shape == (n, expected)
    assert encoder.n_components_ == len(encoder.explained_variance_ratio_) == expected


@pytest.mark.parametrize("whiten", [False, True])
@pytest.mark.parametrize("shape", [(200, 64), (30, 64)])
def test_pca_equals_the_full_decomposition_in_double_precision(shape: tuple[int, int], whiten: bool) -> None:
    X = samples(*shape)
    full = SklearnPCA(8, whiten=whiten, svd_solver="full").fit(X.astype(np.float64))
    encoder = PCA(n_components=8, whiten=whiten).fit(X)
    np.testing.assert_allclose(
        encoder.transform(X), full.transform(X.astype(np.float64)), rtol=1e-5, atol=1e-5
    )
    np.testing.assert_allclose(encoder.explained_variance_ratio_, full.explained_variance_ratio_, rtol=1e-6)


def test_whitened_codes_have_unit_variance() -> None:
    X = samples()
    codes = PCA(n_components=8, whiten=True).fit(X).transform(X)
    np.testing.assert_allclose(codes.var(axis=0, ddof=1), 1, rtol=1e-3)


def test_whitening_stays_finite_where_features_are_constant() -> None:
    X = samples(d=6).copy()
    X[:, 2:] = 0.5
    codes = PCA(whiten=True).fit(X).transform(X)
    assert np.isfinite(codes).all()
    assert np.abs(codes[:, 2:]).max() < 0.01


def test_a_share_of_variance_takes_as_many_components_as_it_needs() -> None:
    encoder = PCA(n_components=0.9).fit(samples())
    ratios = encoder.explained_variance_ratio_
    assert ratios.sum() >= 0.9 > ratios[:-1].sum()


@pytest.mark.parametrize("given", [0.9, np.float64(0.9), np.float32(0.5), np.int64(3), 1, 64])
def test_allowed_components(given: Any) -> None:
    X = samples()
    codes = PCA(n_components=given).fit(X).transform(X)
    assert 1 <= codes.shape[1] <= 64


@pytest.mark.parametrize(
    ("n", "d", "most"),
    [(200, 64, r"64 \(features\)"), (64, 64, r"64 \(features\)"), (30, 64, r"30 \(samples\)")],
)
def test_too_many_components_say_what_limits_them(n: int, d: int, most: str) -> None:
    message = rf"^n_components must be at most {most}, got 128\. Lower n_components\.$"
    with pytest.raises(BadParameter, match=message):
        PCA(n_components=128).fit(samples(n, d))


@pytest.mark.parametrize("wrong", [0, -1, 0.0, 1.0, 1.5, float("nan"), True, None, "mle", "many", [3]])
def test_components_without_meaning_are_refused(wrong: Any) -> None:
    with pytest.raises(BadParameter, match="n_components must be 'auto', an integer from 1"):
        PCA(n_components=wrong).fit(samples())


def test_the_constructor_only_stores() -> None:
    assert vars(PCA(n_components=-3, whiten=True)) == {"n_components": -3, "whiten": True}
    with pytest.raises(NotFittedError):
        PCA().transform(samples())
