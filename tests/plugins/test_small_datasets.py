"""The small datasets that scikit-learn contains or draws: their values, parameters and names."""

from __future__ import annotations

from functools import partial
from inspect import signature
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn import datasets as sklearn_datasets

from harness import BadParameter, Dataset, conformance
from harness.cli import app
from harness.core.errors import DataError
from harness.core.spec import parse
from harness.planning.datasets import open_dataset
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry

REGISTRY = load_registry()
GENERATED = ("blobs", "moons", "circles", "anisotropic", "varied")


def data(text: str) -> Dataset:
    return open_dataset(text, REGISTRY)


@pytest.mark.parametrize("name", ["iris", "wine", "breast-cancer"])
def test_tables_are_those_of_scikit_learn(name: str) -> None:
    bunch = getattr(sklearn_datasets, f"load_{name.replace('-', '_')}")()
    table = data(name)
    assert (table.name, table.n_train, table.scaling, table.licence) == (name, None, "none", "unknown")
    assert (table.samples == bunch.data.astype(table.samples.dtype)).all()
    assert table.truth is not None
    assert (table.truth == bunch.target).all()
    assert table.class_names == tuple(bunch.target_names)
    for exact, kept in zip(bunch.data.T, table.samples.T, strict=True):
        assert len(np.unique(exact)) == len(np.unique(kept)), "float32 loses a distinct value"


def test_tables_say_which_features_need_scaling() -> None:
    assert not data("iris").notes
    (note,) = data("wine").notes
    assert note.startswith("features differ in spread: 'proline' has 2,5")
    assert "the standard deviation of 'nonflavanoid_phenols'" in note
    assert "'worst area' has" in data("breast-cancer").notes[0]


def test_the_command_line_prints_notes_of_named_datasets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(
        app, ["bench", "-d", "wine", "-d", "iris", "-e", "pca", "-c", "kmeans", "--dry-run"]
    )
    assert "wine: 178 samples x 13 features, 3 classes (48 to 71 samples); features differ" in result.stderr
    assert "iris: 150 samples x 4 features, 3 classes (50 each)\n" in result.stderr


def test_points_too_close_for_single_precision_are_double() -> None:
    assert data("blobs").samples.dtype == np.float32
    narrow = data("blobs(cluster_std=1e-9)").samples
    assert narrow.dtype == np.float64
    assert len(np.unique(narrow[:, 0])) == 500


def test_a_folder_of_the_same_name_is_pointed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "iris").mkdir()
    assert data("iris").notes == (
        "'iris' is read as the dataset of this name; for the one in this folder, give ./iris",
    )


def drawn(name: str, n: int, seed: int) -> tuple[Any, Any]:
    """Draw what scikit-learn's comparison of clustering algorithms draws."""
    if name == "moons":
        return sklearn_datasets.make_moons(n_samples=n, noise=0.05, random_state=seed)
    if name == "circles":
        return sklearn_datasets.make_circles(n_samples=n, factor=0.5, noise=0.05, random_state=seed)
    std = [1.0, 2.5, 0.5] if name == "varied" else 1.0
    X, y = sklearn_datasets.make_blobs(n_samples=n, cluster_std=std, random_state=seed)
    return (np.dot(X, [[0.6, -0.6], [-0.4, 0.8]]), y) if name == "anisotropic" else (X, y)


@pytest.mark.parametrize("name", GENERATED)
def test_generated_as_in_the_comparison_of_scikit_learn(name: str) -> None:
    for n, seed, text in ((500, 0, name), (101, 170, f"{name}(n_samples=101, seed=170)")):
        X, y = drawn(name, n, seed)
        made = data(text)
        np.testing.assert_allclose(made.samples, X, rtol=1e-6, atol=1e-7)
        assert made.truth is not None
        assert (made.truth == y).all()
        assert (made.name, len(made.class_names)) == (text, made.n_classes)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("moons(n_samples=500, noise=0.05, seed=0)", "moons"),
        ("moons(noise=0.10)", "moons(noise=0.1)"),
        ("moons(noise=1)", "moons(noise=1.0)"),
        ("circles(seed=3, n_samples=500)", "circles(seed=3)"),
        ("blobs(seed=3, centers=5)", "blobs(centers=5, seed=3)"),
        ("varied(cluster_std=[1, 2.5, 0.5])", "varied"),
        ("varied(cluster_std=[1])", "varied(cluster_std=(1.0,))"),
    ],
)
def test_a_name_says_the_parameters_that_differ(text: str, name: str) -> None:
    made = data(text)
    assert made.name == name
    assert data(made.name).digest == made.digest, "the name can be used to ask for it"


@pytest.mark.parametrize("name", GENERATED)
def test_each_parameter_changes_samples_and_name(name: str) -> None:
    """A parameter that changed the samples and not the name would put two datasets on one board."""
    other = {"n_samples": 60, "noise": 0.2, "cluster_std": 0.3, "centers": 4, "seed": 1}
    generate = load_plugin(REGISTRY.find("dataset", name))
    variants = [data(name)]
    for parameter in signature(generate).parameters:
        value = [0.3, 2.0] if (name, parameter) == ("varied", "cluster_std") else other[parameter]
        variants.append(data(f"{name}({parameter}={value})"))
    assert len({each.name for each in variants}) == len(variants)
    assert len({each.digest for each in variants}) == len(variants)


def test_numbers_of_numpy_are_numbers() -> None:
    moons = load_plugin(REGISTRY.find("dataset", "moons"))
    assert moons(n_samples=np.int64(60), noise=np.float64(0.1)).name == "moons(n_samples=60, noise=0.1)"


WRONG = {
    "moons(n_samples=1)": "n_samples must be a whole number of at least 2, got 1. Write n_samples=2.",
    "moons(n_samples=50.0)": "n_samples must be a whole number of at least 2, got 50.0.",
    "moons(n_samples=true)": "n_samples must be a whole number of at least 2, got True.",
    "circles(noise=-0.1)": "noise must be a number from 0 to 1,000,000, got -0.1. Write noise=0.5.",
    "circles(noise=nan)": "noise must be a number from 0 to 1,000,000, got nan.",
    "circles(noise=1e39)": "noise must be a number from 0 to 1,000,000, got 1e+39.",
    "moons(noise=none)": "noise must be a number from 0 to 1,000,000, got None.",
    "moons(seed=none)": "seed must be a whole number from 0 to 4294967295, got None.",
    "blobs(seed=-1)": "seed must be a whole number from 0 to 4294967295, got -1.",
    "blobs(centers=0)": "centers must be a whole number of at least 1, got 0.",
    "blobs(n_samples=4, centers=5)": "n_samples must be a whole number of at least 5, got 4.",
    "anisotropic(cluster_std=wide)": "cluster_std must be a number from 0 to 1,000,000, got 'wide'.",
    "varied(cluster_std=2)": "cluster_std must be a list with a number for each cluster, got 2.",
    "varied(cluster_std=[])": "cluster_std must be a list with a number for each cluster, got [].",
    "varied(cluster_std=[1, -1])": "cluster_std must be a number from 0 to 1,000,000, got -1.",
    "varied(n_samples=2)": "n_samples must be a whole number of at least 3, got 2.",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_values(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        data(text)
    message = str(caught.value)
    assert message.startswith(f"Dataset '{parse(text).name}': {WRONG[text]}")
    assert "\n" not in message


def test_a_name_must_fit_into_that_of_a_file() -> None:
    stds = [1 + number / 7 for number in range(20)]
    with pytest.raises(BadParameter, match=r"a name of .* characters; at most 150 fit a file name"):
        data(f"varied(cluster_std={stds})")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "moons(nois=1)",
            "Dataset 'moons' has no parameter 'nois'. Did you mean 'noise'? Parameters: n_",
        ),
        ("iris(noise=1)", "Dataset 'iris' has no parameter 'noise'. Parameters: none."),
        ("blobs(200)", "Dataset 'blobs': parameters must have names, got blobs(200). Give blobs(name="),
        ("blobs(n_samples=9, n_samples=8)", "Dataset 'blobs': parameter 'n_samples' is given twice."),
    ],
)
def test_wrong_parameters(text: str, message: str) -> None:
    with pytest.raises(BadParameter) as caught:
        data(text)
    assert str(caught.value).startswith(message)


def test_a_check_of_other_parameters_does_not_hold_it_to_the_default_size() -> None:
    moons = load_plugin(REGISTRY.find("dataset", "moons"))
    statuses = {each.check: each.status for each in conformance.run("dataset", partial(moons, n_samples=60))}
    assert statuses.pop("declares-itself") == "skipped"
    assert "failed" not in statuses.values()


ANYTHING = """import numpy as np
from harness import Dataset, hookimpl
def anything(**options):
    if options:
        raise ValueError(f"no {options}")
    return Dataset("anything", np.eye(2, dtype=np.float32))
@hookimpl
def datasets(): return {"anything": anything}
"""


def test_other_plugins_may_take_any_parameter_and_fail_in_their_own_words(tmp_path: Path) -> None:
    (tmp_path / "own_data.py").write_text(ANYTHING)
    registry = load_registry([tmp_path / "own_data.py"])
    assert open_dataset("anything", registry).name == "anything"
    with pytest.raises(DataError, match=r"'anything' failed to load: ValueError: no {'level': 3}"):
        open_dataset("anything(level=3)", registry)
