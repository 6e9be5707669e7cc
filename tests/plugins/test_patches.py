"""Patches and view-lda: their parts, checked against plain code."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from sklearn.datasets import load_digits

from harness.plugins.encoders import _patch_dictionary
from harness.plugins.encoders._patch_dictionary import PatchDictionary
from harness.plugins.encoders._views import random_view
from harness.plugins.encoders.patches import Patches
from harness.plugins.encoders.view_lda import ViewLDA

X = (load_digits().data[:300] / 16).astype(np.float32)


def colours(n: int = 40) -> np.ndarray:
    """Return images of 7 x 9 pixels and 3 channels."""
    return np.random.default_rng(0).random((n, 7 * 9 * 3), dtype=np.float32)


def plainly(dictionary: PatchDictionary, image: np.ndarray) -> np.ndarray:
    """Compute the features of one image patch by patch, as the paper says."""
    h, w, c = dictionary.image_shape
    size, grid, k = dictionary.size, dictionary.grid, len(dictionary.centroids)
    pixels = ((image.astype(float) - dictionary.low) / dictionary.width).reshape(h, w, c)
    rows, columns = h - size + 1, w - size + 1
    sums, counts = np.zeros((grid, grid, k)), np.zeros((grid, grid, 1))
    for i in range(rows):
        for j in range(columns):
            patch = pixels[i : i + size, j : j + size].transpose(2, 0, 1).ravel()
            patch = (patch - patch.mean()) / np.sqrt(patch.var(ddof=1) + 10 / 255**2)
            white = (patch - dictionary.mean) @ dictionary.whitening
            distances = cdist(white[None], dictionary.centroids)[0]
            part = i * grid // rows, j * grid // columns
            sums[part] += np.maximum(distances.mean() - distances, 0)
            counts[part] += 1
    return (sums / counts).ravel()


@pytest.mark.parametrize(("images", "shape"), [(X, (8, 8, 1)), (colours(), (7, 9, 3))])
def test_features_are_those_of_the_paper(images: np.ndarray, shape: tuple[int, int, int]) -> None:
    dictionary = PatchDictionary.learn(
        images, shape, size=4, grid=3, n_patches=2000, n_centroids=20, rng=np.random.default_rng(0)
    )
    for rows, found in dictionary.features(images[:9]):
        expected = [plainly(dictionary, image) for image in images[:9][rows]]
        np.testing.assert_allclose(found, expected, atol=1e-4)


def test_patches_are_white() -> None:
    kept = PatchDictionary.learn(
        X, (8, 8, 1), size=3, grid=2, n_patches=5000, n_centroids=5, rng=np.random.default_rng(0)
    )
    some = _patch_dictionary._some_patches(X, (8, 8, 1), 3, 5000, np.random.default_rng(0))
    white = (_patch_dictionary._normalised(some) - kept.mean) @ kept.whitening
    values = np.linalg.eigvalsh(np.cov(white, rowvar=False))
    raw = np.linalg.eigvalsh(np.cov(_patch_dictionary._normalised(some), rowvar=False))
    np.testing.assert_allclose(np.sort(values), np.sort(raw / (raw + 0.1)), rtol=0.02, atol=1e-4)


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = Patches(20, patch_size=3, n_centroids=30, image_shape=(8, 8, 1), random_state=0).fit(X)
    expected = encoder.transform(X)
    monkeypatch.setattr(_patch_dictionary, "BLOCK", 1)
    np.testing.assert_allclose(encoder.transform(X), expected, atol=1e-5)
    np.testing.assert_allclose(encoder.transform(X[::-1])[::-1], expected, atol=1e-5)


def test_few_and_equal_images_give_fewer_centroids() -> None:
    encoder = Patches(image_shape=(8, 8, 1), random_state=0).fit(np.repeat(X[:1], 5, axis=0))
    assert len(encoder.dictionary_.centroids) <= 9
    flat = Patches(image_shape=(8, 8, 1), random_state=0).fit(np.ones((5, 64)))
    assert np.isfinite(flat.transform(np.ones((5, 64)))).all()


def test_views_are_near_their_image_and_differ() -> None:
    images = X.reshape(-1, 8, 8, 1)
    rng = np.random.default_rng(0)
    first, second = (random_view(images, False, rng).reshape(len(X), -1) for _ in range(2))
    assert not np.array_equal(first, second)
    own = np.linalg.norm(first - X, axis=1)
    other = np.linalg.norm(np.roll(first, 1, axis=0) - X, axis=1)
    assert (own < other).mean() > 0.9


def test_only_flips_mirror() -> None:
    images = np.zeros((200, 20, 20, 1), np.float32)
    images[:, :, :8] = 1
    lefts = {
        flip: random_view(images, flip, np.random.default_rng(0))[:, :, :8].mean(axis=(1, 2, 3)) > 0.5
        for flip in (False, True)
    }
    assert lefts[False].all()
    assert 0.35 < lefts[True].mean() < 0.65


@pytest.mark.parametrize("features", ["patches", "pixels"])
def test_views_vary_less_than_images_in_all_directions(features: str) -> None:
    encoder = ViewLDA(15, features=features, flip=False, image_shape=(8, 8, 1), random_state=0).fit(X)
    assert (np.diff(encoder.ratios_) <= 0).all()
    view = random_view(X.reshape(-1, 8, 8, 1), False, np.random.default_rng(5)).reshape(X.shape)
    there, near = encoder.transform(X), encoder.transform(view)
    ratio = there.var(axis=0) / (there - near).var(axis=0)
    assert ratio[0] > 2 * ratio[-1]
    assert encoder.transform(X).shape == (len(X), 15)


def test_prior_knowledge_is_named() -> None:
    assert ViewLDA().augmentation == "mirror images, shifts, zoom, rotation, light, blur"
    assert ViewLDA(flip=False).augmentation == "shifts, zoom, rotation, light, blur"
