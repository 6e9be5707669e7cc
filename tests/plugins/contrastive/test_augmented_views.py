"""Each change of a view by itself, on an image of a bright square in rows 4 to 7 and columns 6 to 9."""

from __future__ import annotations

from typing import Any

import contrastive_fits as fits
import numpy as np
import pytest


@pytest.fixture
def views(workers: Any) -> Any:
    """Draw 200 views in PyTorch's process."""
    return lambda **params: workers.ask("torch", _views, params)


def _views(params: dict[str, Any]) -> Any:
    return fits.views(**params)


def centres(images: np.ndarray) -> np.ndarray:
    """Return rows and columns of the centres of mass."""
    mass = images.sum((1, 2))
    rows, columns = (np.arange(size) for size in images.shape[1:])
    return np.stack([images.sum(2) @ rows / mass, images.sum(1) @ columns / mass], axis=1)


def test_nothing_changes_without_strength(views: Any) -> None:
    image, found = views()
    np.testing.assert_allclose(found, np.broadcast_to(image, found.shape), atol=1e-5)


def test_half_are_mirrored(views: Any) -> None:
    image, found = views(flip=True)
    mirrored = np.abs(found - image[:, ::-1]).max((1, 2)) < 1e-5
    assert 70 < mirrored.sum() < 130
    np.testing.assert_allclose(found[~mirrored], np.broadcast_to(image, found[~mirrored].shape), atol=1e-5)


def test_shift_is_a_share_of_the_side(views: Any) -> None:
    _, found = views(shift=0.1)
    moved = centres(found) - [5.5, 7.5]
    np.testing.assert_allclose(np.abs(moved).max(0), [1.2, 2.0], rtol=0.05)
    assert np.abs(moved.mean(0)).max() < 0.3


def test_zoom_changes_the_area(views: Any) -> None:
    image, found = views(zoom=(0.5, 1.1))
    area = found.sum((1, 2)) / image.sum()
    assert area.min() == pytest.approx(0.25, abs=0.06)
    assert area.max() == pytest.approx(1.21, abs=0.12)


def test_rotation_keeps_the_shape_of_wide_images(views: Any) -> None:
    _, found = views(turn=90)
    middle = np.array([5.5, 9.5])
    far = np.linalg.norm(centres(found) - middle, axis=1)
    np.testing.assert_allclose(far, 2, atol=0.1)
    np.testing.assert_allclose(found.sum((1, 2)), 16, rtol=0.1)
    angles = np.arctan2(*(centres(found) - middle).T)
    assert np.ptp(angles[angles < 0]) > 1, "they point up and down"


def test_gamma_and_contrast(views: Any) -> None:
    _, found = views(value=0.5, gamma=0.5)
    low, high = (0.5 ** np.exp(g) for g in (0.5, -0.5))
    assert found.max((1, 2)).min() == pytest.approx(low, abs=0.01)
    assert found.max((1, 2)).max() == pytest.approx(high, abs=0.01)
    _, found = views(background=0.8, value=0.4, contrast=(0.5, 1.5))
    np.testing.assert_allclose(found.max((1, 2)), 0.8, atol=1e-5)
    assert found.min((1, 2)).min() == pytest.approx(0.2, abs=0.01)
    assert found.min((1, 2)).max() == pytest.approx(0.6, abs=0.01)


def test_cutout_is_a_square_of_background(views: Any) -> None:
    _, found = views(size=(30, 30), cutout=0.5, background=0.2)
    _, whole = views(size=(30, 30), background=0.2)
    hidden = (np.abs(found - whole) > 0.1).sum((1, 2))
    assert hidden.max() == 16, "it may hide all of the rectangle"
    assert (hidden > 0).mean() < 0.7
    assert set(np.unique(found.round(5))) == {np.float32(0.2), np.float32(1)}


def test_views_of_one_image_differ(views: Any) -> None:
    _, found = views(
        flip=True, shift=0.1, zoom=(0.8, 1.1), turn=8, gamma=0.5, contrast=(0.5, 1.2), cutout=0.3
    )
    assert len({each.tobytes() for each in found}) == 200
