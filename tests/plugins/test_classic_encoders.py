"""Encoders on kept libraries: quality on digits, seeds, units, and what they refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors

from harness import BadParameter, NotApplicable
from harness.plugins.encoders.incremental_pca import IncrementalPCA
from harness.plugins.encoders.nystroem import Nystroem
from harness.plugins.encoders.patches import Patches
from harness.plugins.encoders.pca import PCA
from harness.plugins.encoders.pca_whiten import PCAWhiten
from harness.plugins.encoders.random_projection import RandomProjection
from harness.plugins.encoders.spectral_embedding import SpectralEmbedding
from harness.plugins.encoders.tsne import TSNE
from harness.plugins.encoders.umap import UMAP
from harness.plugins.encoders.view_lda import ViewLDA
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry

DIGITS = load_digits()
X, TRUTH = (DIGITS.data[:600] / 16).astype(np.float32), DIGITS.target[:600]
SHAPE = (8, 8, 1)


def small(name: str, **params: Any) -> Any:
    """Make an encoder of short work."""
    made: dict[str, Any] = {
        "pca-whiten": lambda **p: PCAWhiten(**{"n_components": 20, **p}),
        "incremental-pca": lambda **p: IncrementalPCA(
            **{"n_components": 20, "batch_size": 60, "whiten": True, **p}
        ),
        "random-projection": RandomProjection,
        "nystroem": Nystroem,
        "umap": UMAP,
        "tsne": lambda **p: TSNE(**{"n_iter": 100, **p}),
        "spectral-embedding": SpectralEmbedding,
        "patches": lambda **p: Patches(
            **{"n_components": 40, "patch_size": 3, "n_centroids": 40, "image_shape": SHAPE, **p}
        ),
        "view-lda": lambda **p: ViewLDA(
            **{"n_components": 20, "features": "pixels", "flip": False, "image_shape": SHAPE, **p}
        ),
    }
    return made[name](**params)


NAMES = [
    *("pca-whiten", "incremental-pca", "random-projection", "nystroem", "umap"),
    *("tsne", "spectral-embedding", "patches", "view-lda"),
]
SEEDED = [name for name in NAMES if name not in ("pca-whiten", "incremental-pca")]


def agreement(embedding: Any) -> float:
    """Return the share of the 10 nearest neighbours that are of the same class."""
    model = NearestNeighbors(n_neighbors=11).fit(embedding)
    near = model.kneighbors(embedding, return_distance=False)[:, 1:]
    return float((TRUTH[near] == TRUTH[:, None]).mean())


# Of the pixels themselves it is .93; whitening and few random directions lose some of it.
LEAST = {
    "pca-whiten": 0.85,
    "incremental-pca": 0.85,
    "random-projection": 0.85,
    "tsne": 0.9,
    "spectral-embedding": 0.9,
    "view-lda": 0.8,
}


@pytest.mark.parametrize("name", NAMES)
def test_neighbours_are_of_the_same_class(name: str) -> None:
    seed = {"random_state": 0} if name in SEEDED else {}
    embedding = small(name, **seed).fit_transform(X)
    assert embedding.dtype == np.float32
    assert agreement(embedding) > LEAST.get(name, 0.9)


@pytest.mark.parametrize("name", SEEDED)
def test_a_seed_gives_the_same_bits_and_another_others(name: str) -> None:
    first, again, other = (small(name, random_state=seed).fit_transform(X[:200]) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    if name == "spectral-embedding":  # a seed only starts the solver
        np.testing.assert_allclose(first, other, atol=1e-3)
    else:
        assert not np.array_equal(first, other)


@pytest.mark.parametrize("name", NAMES)
def test_the_unit_changes_at_most_the_unit(name: str) -> None:
    seed = {"random_state": 0} if name in SEEDED else {}
    scaled = ("random-projection",)
    expected = small(name, **seed).fit_transform(X[:200])
    for factor in (2.0**-30, 2.0**30):
        found = small(name, **seed).fit_transform(X[:200] * np.float32(factor))
        np.testing.assert_allclose(found / (factor if name in scaled else 1), expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    "name", ["pca-whiten", "incremental-pca", "nystroem", "spectral-embedding", "patches", "view-lda"]
)
def test_an_offset_changes_nothing(name: str) -> None:
    seed = {"random_state": 0} if name in SEEDED else {}
    doubles = X[:200].astype(np.float64)
    first, moved = small(name, **seed), small(name, **seed)
    expected, found = first.fit_transform(doubles), moved.fit_transform(doubles + 1000)
    if name == "spectral-embedding":  # eigenvectors of nearly equal eigenvalues may mix
        np.testing.assert_allclose(moved.eigenvalues_, first.eigenvalues_, atol=1e-2)
    else:
        np.testing.assert_allclose(found, expected, atol=1e-2)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "spectral-embedding"])
def test_new_rows_land_near_what_they_are_like(name: str) -> None:
    seed = {"random_state": 0} if name in SEEDED else {}
    encoder = small(name, **seed)
    fitted = encoder.fit_transform(X[:400])
    new, again = encoder.transform(X[400:]), encoder.transform(X[400:])
    np.testing.assert_array_equal(new, again)
    nearest = NearestNeighbors(n_neighbors=5).fit(fitted).kneighbors(new, return_distance=False)
    assert (TRUTH[:400][nearest] == TRUTH[400:, None]).mean() > 0.6


WRONG = [
    (UMAP(0), r"n_components must be an integer from 1, got 0\."),
    (UMAP(n_neighbors=1), r"n_neighbors must be an integer from 2, got 1\."),
    (UMAP(min_dist=2), r"min_dist must be a number from 0 to 1, got 2\."),
    (TSNE(3), r"n_components must be 1 or 2, got 3\."),
    (TSNE(perplexity=0), r"perplexity must be a number from 1, got 0\."),
    (PCAWhiten(65), r"n_components must be at most 64 \(features\), got 65\."),
    (RandomProjection(kind="round"), r"kind must be one of gaussian, sparse, got 'round'\."),
    (Nystroem(gamma=-1), r"gamma must be a number from 0, got -1\."),
    (SpectralEmbedding(n_neighbors=0), r"n_neighbors must be an integer from 1, got 0\."),
    (Patches(patch_size=1, image_shape=SHAPE), r"patch_size must be an integer from 2, got 1\."),
    (
        Patches(image_shape=(8, 9, 1)),
        r"image_shape must be that of samples of 64 features, got \(8, 9, 1\)\.",
    ),
    (Patches(image_shape=8), r"image_shape must be \(height, width, channels\), got 8\."),
    (ViewLDA(features="edges"), r"features must be one of patches, pixels, got 'edges'\."),
    (ViewLDA(shrinkage=2), r"shrinkage must be a number from 0 to 1, got 2\."),
    (ViewLDA(65, features="pixels", image_shape=SHAPE), r"n_components must be at most 64 \(64 features"),
]


@pytest.mark.parametrize(("encoder", "message"), WRONG, ids=lambda each: str(each)[:30])
def test_wrong_parameters_are_one_clear_line(encoder: Any, message: str) -> None:
    with pytest.raises(BadParameter, match=f"^{message}") as caught:
        encoder.fit(X)
    assert "\n" not in str(caught.value)


REFUSED = [
    (UMAP(), X[:3], "UMAP needs at least 4 samples, got 3"),
    (TSNE(), X[:3], "t-SNE needs at least 4 samples, got 3"),
    (TSNE(), np.ones((9, 2)), "t-SNE needs different samples, all are equal"),
    (SpectralEmbedding(), X[:11], "n_components=10 needs 12 samples, got 11"),
    (Patches(), X, "needs images"),
    (ViewLDA(), X, "needs images"),
    (ViewLDA(image_shape=SHAPE), X[:1], "view-lda needs at least 2 images, got 1"),
    (Patches(patch_size=9, image_shape=SHAPE), X, "images of 8 x 8 pixels are smaller than patch_size=9"),
]


@pytest.mark.parametrize(("encoder", "samples", "message"), REFUSED, ids=lambda each: str(each)[:30])
def test_data_that_do_not_suit_are_not_applicable(encoder: Any, samples: Any, message: str) -> None:
    with pytest.raises(NotApplicable, match=message):
        encoder.fit(samples)


def test_which_are_slow_and_which_place_new_rows() -> None:
    registry = load_registry()
    kinds: dict[str, Any] = {name: load_plugin(registry.find("encoder", name)) for name in NAMES}
    assert {name for name, kind in kinds.items() if getattr(kind, "slow", False)} == {*NAMES}
    assert {name for name, kind in kinds.items() if not hasattr(kind, "transform")} == {"spectral-embedding"}


def test_incremental_pca_is_near_pca() -> None:
    expected = PCA(10).fit(X)
    one_batch = IncrementalPCA(10, batch_size=len(X)).fit(X)
    np.testing.assert_allclose(np.abs(one_batch.transform(X)), np.abs(expected.transform(X)), atol=1e-4)
    found = IncrementalPCA(10, batch_size=50).fit(X)
    lost = expected.explained_variance_ratio_.sum() - found.explained_variance_ratio_.sum()
    assert 0 < lost < 0.05
    np.testing.assert_allclose(found.transform(X).var(axis=0).sum() / X.var(axis=0).sum(), 0.74, atol=0.05)


def test_incremental_pca_takes_any_number_of_rows_and_refuses_small_batches() -> None:
    for n in (41, 59, 61):  # the last batch alone would be too small for 20 components
        assert small("incremental-pca", batch_size=20).fit_transform(X[:n]).shape == (n, 20)
    with pytest.raises(BadParameter, match="batch_size must be at least n_components, 20, got 5"):
        small("incremental-pca", batch_size=5).fit(X)
    with pytest.raises(BadParameter, match="Use pca"):
        IncrementalPCA(0.9).fit(X)


def test_pca_whiten_is_pca_whitened() -> None:
    np.testing.assert_array_equal(PCAWhiten(9).fit_transform(X), PCA(9, whiten=True).fit_transform(X))


def test_umap_does_not_load_tensorflow() -> None:
    import sys

    was = "tensorflow" in sys.modules
    UMAP(n_epochs=1).fit(X[:50])
    assert ("tensorflow" in sys.modules) == was


def test_random_projection_keeps_distances() -> None:
    wide = np.random.default_rng(0).normal(size=(40, 500))
    for kind in ("gaussian", "sparse"):
        found = RandomProjection(400, kind=kind, random_state=0).fit_transform(wide)
        ratios = np.linalg.norm(found[:20] - found[20:], axis=1) / np.linalg.norm(
            wide[:20] - wide[20:], axis=1
        )
        assert ratios == pytest.approx(1, abs=0.15)


def test_nystroem_gamma_is_in_units_of_the_samples() -> None:
    first, second = Nystroem(random_state=0).fit(X), Nystroem(random_state=0).fit(1e3 * X.astype(np.float64))
    assert second.gamma_ * 1e6 == pytest.approx(first.gamma_, rel=1e-6)
    written = Nystroem(gamma=first.gamma_ / 1e6, random_state=0).fit(1e3 * X.astype(np.float64))
    assert written.model_.gamma * written.frame_.unit**-2 == pytest.approx(first.gamma_ / 1e6)


def test_parts_of_the_graph_that_are_apart_are_told_apart() -> None:
    rng = np.random.default_rng(0)
    parts = np.repeat(np.eye(3) * 10, 50, axis=0) + rng.normal(size=(150, 3))
    encoder = SpectralEmbedding(2, n_neighbors=8, random_state=0)
    found = encoder.fit_transform(parts)
    assert encoder.eigenvalues_ == pytest.approx(0, abs=1e-6)
    for part in range(3):
        assert np.ptp(found[50 * part : 50 * part + 50], axis=0) == pytest.approx(0, abs=1e-3)
    assert np.linalg.matrix_rank(found[::50] - found[0], tol=0.1) == 2


def test_the_constant_is_left_out() -> None:
    encoder = SpectralEmbedding(2, n_neighbors=30, random_state=0).fit(X)
    assert (encoder.eigenvalues_ > 1e-3).all()
    assert (np.std(encoder.embedding_, axis=0) > 0.5).all()
