"""Scaling steps: the values of scikit-learn, whatever unit, offset or precision the features have."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from sklearn import preprocessing as sk

from harness import BadParameter, Dataset, NotApplicable
from harness.cli import app
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.plugins.builtin import encoders
from harness.plugins.encoders.log1p import Log1p
from harness.plugins.encoders.minmax import MinMax
from harness.plugins.encoders.normalize import Normalize
from harness.plugins.encoders.quantile import Quantile
from harness.plugins.encoders.robust_scale import RobustScale
from harness.plugins.encoders.standardize import Standardize
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry

PAIRS = [
    (Standardize(), sk.StandardScaler()),
    (MinMax(), sk.MinMaxScaler()),
    (MinMax((-1, 3)), sk.MinMaxScaler((-1, 3))),
    (RobustScale(), sk.RobustScaler()),
    (RobustScale((10.0, 90.0)), sk.RobustScaler(quantile_range=(10.0, 90.0))),
    (Normalize(), sk.Normalizer()),
    (Normalize("max"), sk.Normalizer("max")),
    (Quantile(50), sk.QuantileTransformer(n_quantiles=50)),
    (Quantile(50, "normal"), sk.QuantileTransformer(n_quantiles=50, output_distribution="normal")),
    (Log1p(), sk.FunctionTransformer(np.log1p)),
]
COLUMNS = [PAIRS[n][0] for n in (0, 1, 3, 7, 8)]  # those that scale each feature by itself
IDS = [repr(ours) for ours, _ in PAIRS]
NAMES = ("standardize", "minmax", "robust-scale", "normalize", "log1p", "quantile")


def samples(n: int = 200, d: int = 5) -> NDArray[np.float64]:
    """Return values of several units, rounded so that float32 holds them and 1e9 more leaves them apart."""
    drawn = np.random.default_rng(0).gamma(2, size=(n, d)) * [1, 3, 30, 100, 1000]
    X = np.round(drawn * 64) / 64
    X.flags.writeable = False
    return X


@pytest.mark.parametrize(("ours", "theirs"), PAIRS, ids=IDS)
def test_values_are_those_of_scikit_learn(ours: Any, theirs: Any) -> None:
    X = samples()
    expected = theirs.fit(X[:150]).transform(X)
    found = ours.fit(X[:150]).transform(X)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    assert ours.n_features_in_ == 5


@pytest.mark.parametrize("ours", [ours for ours, _ in PAIRS], ids=IDS)
def test_single_precision_is_computed_in_double_and_stays_single(ours: Any) -> None:
    X = samples().astype(np.float32)
    found = ours.fit(X).transform(X)
    assert found.dtype == np.float32
    assert (found == ours.fit(X.astype(np.float64)).transform(X.astype(np.float64)).astype(np.float32)).all()


@pytest.mark.parametrize("ours", COLUMNS, ids=map(repr, COLUMNS))
@pytest.mark.parametrize(("scale", "offset"), [(1, 1e9), (2.0**-60, 0), (2.0**-1000, 0), (2.0**1000, 0)])
def test_neither_unit_nor_offset_changes_the_result(ours: Any, scale: float, offset: float) -> None:
    X = samples()
    expected = ours.fit(X).transform(X)
    np.testing.assert_allclose(
        ours.fit(X * scale + offset).transform(X * scale + offset), expected, atol=1e-9
    )


@pytest.mark.parametrize("scale", [2.0**-1000, 2.0**1000])
def test_lengths_are_computed_whatever_the_unit(scale: float) -> None:
    X = samples()
    assert (Normalize().fit_transform(X * scale) == Normalize().fit_transform(X)).all()


def test_many_rows_far_from_the_origin_are_not_taken_for_constant() -> None:
    """scikit-learn's scaler takes a spread below n x eps x mean for rounding."""
    X = 1e9 + np.random.default_rng(0).normal(scale=0.05, size=(1_000_000, 1))
    assert Standardize().fit_transform(X).std() == pytest.approx(1)


@pytest.mark.parametrize("ours", COLUMNS, ids=map(repr, COLUMNS))
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_feature_stays_constant_with_a_warning(ours: Any, dtype: type) -> None:
    X = samples().astype(dtype)
    X[:, 1] = 0.1
    with pytest.warns(UserWarning, match=r"1 of 5 features are constant on the fitted rows: feature 1 \("):
        found = ours.fit(X).transform(X)
    assert np.isfinite(found).all()
    assert np.ptp(found[:, 1]) == 0
    assert (np.ptp(found[:, [0, 2, 3, 4]], axis=0) > 0.5).all()


def test_a_feature_of_few_values_is_divided_by_its_range() -> None:
    X = np.zeros((100, 2))
    X[:, 0] = np.arange(100)
    X[:3, 1] = [1e-9, 2e-9, -2e-9]
    with pytest.warns(UserWarning, match="1 of 2 features are divided by their range"):
        found = RobustScale().fit(X).transform(X)
    assert found[:4, 1] == pytest.approx([0.25, 0.5, -0.5, 0])


def test_samples_of_zeros_stay_with_a_warning() -> None:
    X = samples().copy()
    X[[3, 7]] = 0
    with pytest.warns(UserWarning, match="2 of 200 samples are all zeros"):
        found = Normalize().fit(X).transform(X)
    assert not found[[3, 7]].any()
    np.testing.assert_allclose(np.linalg.norm(np.delete(found, [3, 7], axis=0), axis=1), 1)


@pytest.mark.parametrize("row", [0, 180])
def test_no_logarithm_of_minus_one_and_less(row: int) -> None:
    X = samples().copy()
    X[row, 2] = -1
    with pytest.raises(NotApplicable, match=rf"above -1, got -1 in row {row % 150}, feature 2 \(counted"):
        Log1p().fit(X[:150] if row < 150 else samples()).transform(X[150:])


@pytest.mark.parametrize("ours", [ours for ours, _ in PAIRS], ids=IDS)
def test_few_rows_make_no_noise(ours: Any) -> None:
    with warnings.catch_warnings(action="error"):
        found = ours.fit(samples(3)).transform(samples(3))
    assert np.isfinite(found).all()


WRONG = {
    "minmax(feature_range=(1, 0))": "Minimum of desired feature range must be smaller than maximum",
    "robust-scale(quantile_range=(60, 40))": "Invalid quantile range",
    "normalize(norm=l3)": "'norm' parameter",
    "quantile(n_quantiles=0)": "'n_quantiles' parameter",
    "quantile(n_quantiles=many)": "'n_quantiles' parameter",
    "quantile(output_distribution=flat)": "output_distribution must be 'uniform' or 'normal', got 'flat'",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_parameters_are_refused_before_anything_runs(text: str) -> None:
    data = Dataset("toy", samples())
    with pytest.raises(BadParameter, match=WRONG[text]) as caught:
        make_plan(data, "full", Request([text], ["kmeans"], n_clusters=2), load_registry())
    assert "\n" not in str(caught.value)


def test_a_plan_of_all_leaves_steps_out_and_names_them() -> None:
    registry = load_registry()
    data = Dataset("toy", samples())
    request = Request(clusterers=["kmeans"], metrics=["silhouette"], all=True, n_clusters=2, seeds=1)
    plan = make_plan(data, "full", request.filled(registry), registry)
    found = [registry.find("encoder", name) for name in encoders()]
    slow = [each.name for each in found if getattr(load_plugin(each), "slow", False)]
    assert {cell.encoder for cell in plan.cells} == {*encoders()} - {*NAMES, "concat", *slow}
    assert {*plan.notes} == {
        f"6 encoders left out, preprocessing steps, for use as in -e standardize+pca ({', '.join(NAMES)}).",
        "1 encoder left out, which joins others, as in -e 'concat(pca, umap)' (concat).",
        f"{len(slow)} encoders left out, slow or special: run them too with --slow ({', '.join(slow)}).",
    }
    assert {"umap", "tsne", "patches", "view-lda", "spectral-embedding", "simclr", "dec"} <= {*slow}
    named = make_plan(data, "full", Request(NAMES, ["kmeans"], all=True, n_clusters=2, seeds=1), registry)
    assert {cell.encoder for cell in named.cells} == {*NAMES}
    assert not named.notes


def test_images_stay_images_behind_steps() -> None:
    registry = load_registry()
    data = Dataset("toy", np.random.default_rng(0).random((20, 64)), image_shape=(8, 8, 1))
    chains = ["minmax+log1p+conv-ae-torch", "identity+conv-ae-torch"]
    plan = make_plan(data, "full", Request(chains, ["kmeans"], n_clusters=2, seeds=1), registry)
    shapes = [step.params["image_shape"] for step in plan.stages.values() if "image_shape" in step.params]
    assert shapes == [(8, 8, 1), None]


def test_a_dry_run_names_what_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["bench", "--all", "-m", "ari", "--seeds", "1", "--dry-run"])
    assert (
        "Note: 6 encoders left out, preprocessing steps, for use as in -e standardize+pca (standardize, "
        "minmax" in result.stderr
    )
    slow = (
        "clusterers left out, slow or special: run them too with --slow (dask-kmeans, balanced-gmm, "
        "consensus, scan, optics, affinity-propagation)."
    )
    assert f"Note: 6 {slow}" in result.stderr
    every = CliRunner().invoke(app, ["bench", "--all", "--slow", "-m", "ari", "--seeds", "1", "--dry-run"])
    assert slow not in every.stderr
    assert "clusterer optics" not in result.output
    named = CliRunner().invoke(app, ["bench", "--all", "-c", "optics", "-m", "ari", "--dry-run"])
    assert slow not in named.stderr
