"""DEC, IDEC, DCN and VaDE: losses against their formulas, stopping, quality, seeds, and bad parameters."""

from __future__ import annotations

from typing import Any

import deep_fits
import numpy as np
import pytest
from sklearn.base import clone

from harness import BadParameter, HarnessError, NotApplicable

NAMES = list(deep_fits.NAMES)


@pytest.fixture
def ask(workers: Any) -> Any:
    """Call a function in PyTorch's process."""
    return lambda function, *args: workers.ask("torch", function, *args)


@pytest.fixture
def fit(ask: Any) -> Any:
    """Fit in PyTorch's process."""
    return lambda name, X, **params: ask(_fit, name, X, params)


def _fit(name: str, X: np.ndarray, params: dict[str, Any]) -> dict[str, Any]:
    return deep_fits.fit(name, X, **params)


@pytest.mark.parametrize("name", NAMES)
def test_fit_reports_what_it_did(fit: Any, name: str) -> None:
    found = fit(name, deep_fits.blobs(), n_clusters=3)
    assert found["codes"].shape == (90, 4)
    assert found["codes"].dtype == np.float32
    assert len(found["history_"]["pretrain_loss"]) == 30
    assert len(found["history_"]["loss"]) == found["n_iter_"]
    np.testing.assert_allclose(found["memberships"].sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(found["memberships"].argmax(axis=1), found["labels_"])
    autoencoder = 2 * 6 * 32 + 2 * 32 * 4 + 32 + 4 + 32 + 6
    own = {"vade": 33 * 4 + 3 + 2 * 3 * 4}.get(name, 3 * 4)
    assert found["n_parameters_"] == autoencoder + own
    assert (found["decoded"] is None) == (name == "dec"), "the decoder of DEC is not trained to the end"


@pytest.mark.parametrize("name", ["dec", "idec", "dcn"])
def test_clear_clusters_are_found(fit: Any, name: str) -> None:
    labels = fit(name, deep_fits.blobs(), n_clusters=3, pretrain_epochs=300)["labels_"].reshape(30, 3)
    assert (labels == labels[0]).all()
    assert len(set(labels[0])) == 3


@pytest.mark.parametrize("seed", [0, 1])
def test_dec_improves_on_its_pretraining(ask: Any, seed: int) -> None:
    before, after = ask(deep_fits.quality, "dec", seed, {"max_iter": 700, "update_interval": 140})
    assert after > before + 0.02


@pytest.mark.parametrize("name", ["idec", "dcn", "vade"])
def test_the_others_do_not_spoil_their_pretraining(ask: Any, name: str) -> None:
    before, after = ask(deep_fits.quality, name, 0, {})
    assert after > before - 0.02
    assert after > 0.6


@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.1, 1.0), (1.0, 0.1)])
def test_gamma_is_on_the_clustering_loss(ask: Any, weights: tuple[float, float]) -> None:
    loss, formula = ask(deep_fits.student_loss, *weights)
    assert loss == pytest.approx(formula, rel=1e-4)


def test_weights_of_the_losses() -> None:
    assert deep_fits.make("dec").weights() == {"clustering": 1.0, "reconstruction": 0.0}
    assert deep_fits.make("idec").weights() == {"clustering": 0.1, "reconstruction": 1.0}


def test_targets_are_made_at_the_interval_until_max_iter(ask: Any) -> None:
    steps, epochs, changes, made = ask(deep_fits.targets, 5, 23, 0.0)
    assert (steps, epochs, made) == (23, 6, [5, 10, 15, 20]), "of 4 batches an epoch"
    assert len(changes) == 4


def test_the_tolerance_stops_training(ask: Any) -> None:
    steps, _, changes, made = ask(deep_fits.targets, 3, 500, 0.02)
    assert steps == made[-1] < 500
    assert changes[-1] < 0.02 <= min(changes[:-1], default=1)


def test_a_fit_that_does_not_converge_says_so(fit: Any) -> None:
    found = fit("dec", deep_fits.digits()[0], n_clusters=10, pretrain_epochs=1, max_iter=20, tol=0.0)
    assert any("not converged after max_iter=20 steps, and" in text for text in found["warnings"])
    assert not fit("dec", deep_fits.blobs(), n_clusters=3)["warnings"]


def test_centres_of_dcn_move_as_sample_by_sample(ask: Any) -> None:
    centres, one_by_one, counts, counted = ask(deep_fits.moved_centres)
    np.testing.assert_allclose(centres, one_by_one, rtol=1e-5)
    np.testing.assert_array_equal(counts, counted)


@pytest.mark.parametrize("binary", [True, False])
def test_vade_descends_the_negative_bound(ask: Any, binary: bool) -> None:
    loss, formula = ask(deep_fits.bound, binary)
    assert loss == pytest.approx(formula, abs=0.25)


@pytest.mark.parametrize("name", NAMES)
def test_pretraining_is_that_of_dense_ae(ask: Any, name: str) -> None:
    assert ask(deep_fits.pretrained_as_dense_ae, name)


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides_all(fit: Any, name: str) -> None:
    X = deep_fits.blobs()
    first = fit(name, X, n_clusters=3)
    assert fit(name, X, n_clusters=3)["codes"].tobytes() == first["codes"].tobytes()
    assert fit(name, X, n_clusters=3, random_state=1)["codes"].tobytes() != first["codes"].tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_copies_and_a_second_fit_give_the_same(ask: Any, name: str) -> None:
    assert ask(deep_fits.copies, name) == [True, True, True]


@pytest.mark.parametrize(("scale", "offset"), [(1e6, 0), (1e-6, 0), (10, 1e9)])
@pytest.mark.parametrize("name", NAMES)
def test_unit_and_offset_change_nothing(fit: Any, name: str, scale: float, offset: float) -> None:
    X = deep_fits.blobs().astype(np.float64)
    few = {"n_clusters": 3, "pretrain_epochs": 5}
    codes, moved = (fit(name, each, **few)["codes"] for each in (X, X * scale + offset))
    np.testing.assert_allclose(moved, codes, atol=5e-3 * np.abs(codes).max())


@pytest.mark.parametrize("name", NAMES)
def test_odd_samples(fit: Any, name: str) -> None:
    for X in (deep_fits.blobs(3), deep_fits.blobs()[:, :1], np.ones((20, 4), np.float32)):
        found = fit(name, X, n_clusters=3, pretrain_epochs=2)
        assert np.isfinite(found["codes"]).all()
        assert np.isfinite(found["memberships"]).all()
    with pytest.raises(NotApplicable, match="got 2 samples for n_clusters=3"):
        fit(name, deep_fits.blobs(2), n_clusters=3)


def test_divergence_stops_with_advice(fit: Any) -> None:
    with pytest.raises(HarnessError, match=r"diverged: the loss is (nan|inf) in epoch .* with adam"):
        fit("dcn", deep_fits.blobs(), n_clusters=3, learning_rate=1e30)


@pytest.mark.parametrize(
    ("name", "params", "says"),
    [
        *(
            (name, {"n_clusters": 0}, "n_clusters must be a whole number of at least 1, got 0")
            for name in NAMES
        ),
        *((name, {"layers": 5}, "layers must be whole numbers") for name in NAMES),
        *(
            (name, {"pretrain_epochs": 0}, "pretrain_epochs must be a whole number of at least 1")
            for name in NAMES
        ),
        *((name, {"n_init": 0}, "n_init must be a whole number of at least 1") for name in NAMES),
        *((name, {"batch_size": 0.5}, "batch_size must be a whole number of at least 1") for name in NAMES),
        *((name, {"learning_rate": 0}, "learning_rate must be a number above 0") for name in NAMES),
        ("dec", {"alpha": 0}, "alpha must be a number above 0, got 0"),
        ("dec", {"tol": 1}, "tol must be a number of at least 0 and below 1, got 1"),
        ("dec", {"update_interval": 0}, "update_interval must be a whole number of at least 1"),
        ("dec", {"max_iter": None}, "max_iter must be a whole number of at least 1"),
        ("dec", {"momentum": 1}, "momentum must be a number of at least 0 and below 1"),
        ("idec", {"gamma": -1}, "gamma must be a number above 0, got -1"),
        ("dcn", {"weight": float("nan")}, "weight must be a number above 0"),
        ("dcn", {"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        ("vade", {"epochs": 0}, "epochs must be a whole number of at least 1, got 0"),
        ("vade", {"scale": "1"}, "scale must be a number above 0, got '1'"),
        ("vade", {"likelihood": "normal"}, "likelihood must be one of bernoulli, gaussian, got 'normal'"),
        ("vade", {"device": "gpu"}, "device must be one of"),
    ],
)
def test_what_is_wrong_is_told_before_the_fit(name: str, params: dict[str, Any], says: str) -> None:
    model = deep_fits.make(name, **params)
    assert clone(model).get_params() == model.get_params(), "the constructor only stores"
    with pytest.raises(BadParameter, match=says):
        model.check_params()
