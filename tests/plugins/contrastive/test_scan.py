"""SCAN on real data, its parts by their definitions, and bad parameters; in a process of PyTorch's own."""

from __future__ import annotations

from typing import Any

import contrastive_fits as fits
import numpy as np
import pytest

from harness import BadParameter, NotApplicable
from harness.plugins.clusterers.scan import SCAN
from harness.plugins.metrics.accuracy import accuracy

X, CLASSES = fits.digits(900)


@pytest.fixture
def scan(workers: Any) -> Any:
    """Fit in PyTorch's process."""
    return lambda samples=X, **params: workers.ask("torch", _scan, samples, params)


def _scan(samples: np.ndarray, params: dict[str, Any]) -> dict[str, Any]:
    return fits.scan(samples, **params)


def test_it_finds_digits_in_clusters_of_about_equal_size(scan: Any) -> None:
    found = scan(n_clusters=10)
    assert accuracy(CLASSES, found["labels_"], None) > 0.75
    sizes = np.bincount(found["labels_"], minlength=10)
    assert sizes.min() > 45
    np.testing.assert_array_equal(found["predicted"], found["labels_"])
    np.testing.assert_array_equal(found["probabilities"].argmax(1), found["labels_"])
    np.testing.assert_allclose(found["probabilities"].sum(1), 1, rtol=1e-5)


def test_without_the_entropy_all_is_one_cluster(scan: Any) -> None:
    found = scan(n_clusters=10, entropy_weight=0)
    sizes = np.bincount(found["labels_"])
    assert sizes.max() > 0.5 * len(X)
    assert [*sizes] == sorted(sizes, reverse=True), "numbered without gaps"
    np.testing.assert_array_equal(found["predicted"], found["labels_"])


def test_the_head_of_most_mutual_information_is_kept(scan: Any) -> None:
    found = scan(n_clusters=10)
    assert found["selection_"]["chosen"] == found["heads_"].argmax()
    assert found["selection_"]["values"] == pytest.approx(found["heads_"])
    assert len(np.unique(found["heads_"])) == 6
    assert 0 < found["heads_"].max() < np.log(10)
    assert len(found["history_"]["loss"]) == 20
    assert found["history_"]["loss"][-1] < found["history_"]["loss"][0]


def test_seed_decides_all(scan: Any) -> None:
    first = scan(n_clusters=4)["coef_"].tobytes()
    assert scan(n_clusters=4)["coef_"].tobytes() == first
    assert scan(n_clusters=4, random_state=1)["coef_"].tobytes() != first


def test_lengths_do_not_matter(scan: Any) -> None:
    lengths = 2.0 ** np.random.default_rng(0).integers(-40, 40, (len(X), 1)).astype(np.float32)
    expected = scan(n_clusters=4)["labels_"]
    np.testing.assert_array_equal(scan(X * lengths, n_clusters=4)["labels_"], expected)


def test_a_pool_smaller_than_the_samples(scan: Any) -> None:
    found = scan(n_clusters=10, pool=500)
    assert len(found["labels_"]) == len(X)
    assert accuracy(CLASSES, found["labels_"], None) > 0.7


def test_neighbours_and_mutual_information_by_definition(workers: Any) -> None:
    near, plain, found, expected = workers.ask("torch", fits.alone, X[:300])
    np.testing.assert_array_equal(np.sort(near), np.sort(plain))
    assert found == pytest.approx(expected, abs=1e-5)
    assert expected.min() > 0.05


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"n_clusters": 0}, "n_clusters must be a whole number of at least 1, got 0"),
        ({"n_heads": 0}, "n_heads must be a whole number of at least 1, got 0"),
        ({"n_neighbors": 1.5}, "n_neighbors must be a whole number of at least 1, got 1.5"),
        ({"pool": 1}, "pool must be a whole number of at least 2, got 1"),
        ({"learning_rate": -1}, "learning_rate must be a number above 0, got -1"),
        ({"entropy_weight": -1}, "entropy_weight must be a number of at least 0, got -1"),
        ({"device": "gpu"}, "device must be one of"),
    ],
)
def test_bad_parameters_are_refused(params: dict[str, Any], says: str) -> None:
    with pytest.raises(BadParameter, match=says):
        SCAN(**params).fit(X)


def test_too_few_samples(scan: Any) -> None:
    with pytest.raises(NotApplicable, match="5 samples are fewer than the 8 clusters"):
        SCAN().fit(X[:5])
    with pytest.raises(NotApplicable, match="there is only 1 sample"):
        SCAN(1).fit(X[:1])
    assert scan(X[:3], n_clusters=1)["labels_"].tolist() == [0, 0, 0]


def test_the_prior_is_declared() -> None:
    assert SCAN.balanced == "classes of about equal size (soft)"
