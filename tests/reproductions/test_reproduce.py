"""Reports run as they are written: the bench files, quick runs, and the command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from harness import Dataset
from harness.api.bench import bench
from harness.core.spec import parse_entry
from harness.plugins.autoencoder import ConvAutoencoder, DenseAutoencoder
from harness.registry.configure import build, configure
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry
from harness.reproductions.measurements import read_pool
from harness.reproductions.reports import TEST_CODES, UNMATCHED, load_reports, names, recipe, recipe_names
from harness.reproductions.runs import Options, measured_by, on_test_codes, quickened
from harness.reproductions.verdicts import judge_all

CommandLine = Callable[..., tuple[int, str, str]]
PARAMETERS = {
    "r1-conv": 4_385,
    "r2-dense": 50_992,
    "r2-dense-slow": 50_992,
    "r3-dense": 2_567_344,
    "r3-dense-mse": 2_567_344,
    "r4-dense": 8_153_794,
    "r5-table": 222_384,
    "r5-text": 218_192,
    "r5-table-relu": 222_384,
    "r5-text-relu": 218_192,
}


PRINTED = {
    "r1-thayanithi": "0.4826 0.4843 0.0117 0.0112 0.5403",
    "r2-vasudeva": "0.57478 1914601.199 0.50389 0.65808 1686143.499 0.60142 0.68687 1428962.286 0.65082 "
    "0.72262 1298158.693 0.68481 0.75803 1146155.634 0.72666 0.7830 1053537.452 0.75462 "
    "0.5537 1906652.503 0.50045 0.2930 0.2950 0.5143",
    "r3-pai": "0.55 0.56 0.61",
    "r4-akula": "0.5534 0.5713 0.60795",
    "r5-rahman": "0.5541 0.2091 0.3444 0.5217",
}
STATED = {  # of the networks, what their reports state
    "r1-conv": {"epochs": 100, "validation_fraction": 0.2, "latent": None},
    "r2-dense": {
        "epochs": 50,
        "batch_size": 256,
        "optimizer": "adadelta",
        "loss": "binary_crossentropy",
        "latent": 32,
    },
    "r3-dense": {
        "loss": "categorical_crossentropy",
        "layers": (900, 480, 240),
        "latent": 120,
        "code_layer": -2,
    },
    "r4-dense": {"patience": 5, "layers": (2000, 1000, 500), "latent": 10},
    "r5-table": {"epochs": 20, "batch_size": 128, "learning_rate": 0.001, "layers": (128, 64), "latent": 32},
    "r5-text": {"epochs": 20, "batch_size": 128, "learning_rate": 0.001, "latent": 64},
}


def test_the_printed_numbers_are_those_of_the_reports() -> None:
    for name in names():
        said = [text for each in load_reports() if each.report == name for text in each.says.values()]
        assert " ".join(said) == PRINTED[name]


def test_the_networks_are_trained_as_the_reports_state() -> None:
    found = {}
    for name in names():
        for entry in map(parse_entry, recipe(name)["encoders"]):
            found[entry.alias] = dict(entry.steps[0].kwargs)
    for alias, stated in STATED.items():
        assert {key: found[alias][key] for key in stated} == stated


def test_bench_files_name_what_the_reports_are_held_against() -> None:
    known: dict[str, set[str]] = {name: set() for name in names()}
    for name in names():
        for file in recipe_names(name):
            asked = recipe(file)
            for text in (*asked["encoders"], *asked["clusterers"]):
                known[name].add(parse_entry(text).alias or text)
    restarts = {parse_entry(text).alias for text in recipe("restarts")["clusterers"]}
    for each in load_reports():
        assert {*each.run.encoders} <= known[each.report]
        if each.run.protocol != TEST_CODES:
            assert {*each.run.clusterers, *each.also} <= known[each.report] | restarts
            assert each.run.protocol in recipe(each.report)["protocols"]


def test_networks_have_the_reports_numbers_of_parameters() -> None:
    registry, found = load_registry(), {}
    for name in names():
        for text in recipe(name)["encoders"]:
            entry = parse_entry(text)
            if entry.alias:
                plugin = registry.find("encoder", entry.steps[0].name)
                params = configure(plugin, entry.steps[0], {"image_shape": (28, 28, 1)}).params
                encoder = build(plugin, params)
                assert isinstance(encoder, DenseAutoencoder | ConvAutoencoder)
                found[entry.alias] = encoder.architecture(784).n_parameters
    assert found == PARAMETERS


def test_a_quick_network_is_the_same_network() -> None:
    for name in names():
        for text in recipe(name)["encoders"]:
            entry, quick = parse_entry(text), parse_entry(quickened(text))
            assert quick.alias == entry.alias
            for step, other in zip(entry.steps, quick.steps, strict=True):
                changed = {
                    key for key, value in dict(step.kwargs).items() if dict(other.kwargs)[key] != value
                }
                assert changed <= {"epochs"}


def test_a_clusterer_is_fitted_on_the_codes_of_the_test_rows(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).random((90, 4), dtype=np.float32)
    truth = (samples[:, 0] * 3).astype(np.int64)
    data = Dataset("toy", samples, truth, n_train=60)
    options = Options(tmp_path, jobs=0, progress=False)
    call = {"protocols": "train-test", "store": tmp_path, "jobs": 0, "progress": False, "seeds": 2}
    result = bench(data, ["half=pca(n_components=2)", "identity"], "kmeans", "accuracy", **call)
    found = list(on_test_codes(result, ["half"], options))
    assert [each.seeds for each in found] == [(None, seed) for seed in range(5)]
    assert {each.encoder for each in found} == {"half"}
    for each in found:
        assert 0 <= each.numbers[UNMATCHED] <= each.numbers["accuracy"] <= each.numbers["purity"] <= 1
    assert len({each.numbers[UNMATCHED] for each in found}) > 1  # numbers of clusters are arbitrary


def test_what_failed_says_why(tmp_path: Path) -> None:
    data = Dataset("toy", np.random.default_rng(0).random((20, 4), dtype=np.float32), n_train=10)
    call = {"store": tmp_path, "jobs": 0, "progress": False, "seeds": 1, "n_clusters": 2}
    result = bench(data, "pca(n_components=9)", "kmeans", "silhouette", **call)
    (cell,) = measured_by(result)
    assert "n_components must be at most 4" in cell.failed
    assert cell.numbers == {}


@pytest.mark.slow
def test_quick_run_of_a_report(command_line: CommandLine, tmp_path: Path) -> None:
    pytest.importorskip("torch")
    if load_plugin(load_registry().find("dataset", "fashion-mnist")).info.find() is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    place = ("--store", str(tmp_path / "store"), "--out", str(tmp_path / "out"))
    code, out, err = command_line("reproduce", "r5-rahman", "--quick", "--seeds", "1", *place)
    assert code == 0, err
    assert "r5-rahman" in out
    page = (tmp_path / "out" / "reproductions-r5.quick.md").read_text()
    assert (
        "**Quick: fewer images, epochs and seeds than in the reports. This is not a reproduction.**" in page
    )
    pool = read_pool((tmp_path / "out" / "reproductions-r5.quick.json").read_text())
    assert [(each.quantity, len(each.values)) for each in judge_all(pool)["r5-rahman"]] == [
        (number, 2) for _ in range(4) for number in ("purity", "silhouette", "ari", "nmi")
    ]  # one network, two starts
    code, _, err = command_line("reproduce", "r5-rahman", "--quick", "--seeds", "1", *place)
    assert code == 0
    assert "(1 of 2)" not in err  # nothing is trained again
    assert (tmp_path / "out" / "reproductions-r5.quick.md").read_text() == page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "Name one or more reports, or give --all. Reports: r1-thayanithi, r2-vasudeva"),
        (("r1-thayanithi", "--all"), "Name one or more reports, or give --all"),
        (("r5-rahmann",), "Unknown report 'r5-rahmann'. Did you mean 'r5-rahman'? Reports: r1-"),
        (("--all", "--seeds", "0"), "0 is not in the range x>=1"),
    ],
)
def test_wrong_calls(command_line: CommandLine, words: tuple[str, ...], said: str) -> None:
    code, _, err = command_line("reproduce", *words)
    assert code == 2
    assert said in " ".join(err.split())


def test_codes_are_scaled_without_changing_the_fits(tmp_path: Path) -> None:
    from harness.plugins.clusterers.gmm import GaussianMixture

    samples = np.random.default_rng(0).random((90, 4), dtype=np.float32)
    data = Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=60)
    call = {"protocols": "train-test", "store": tmp_path, "jobs": 0, "progress": False, "seeds": 1}
    result = bench(data, "half=pca(n_components=2)", "kmeans", "accuracy", **call)
    codes = result.embedding(0).astype(np.float64)
    found = next(on_test_codes(result, ["half"], Options(tmp_path, jobs=0, progress=False)))
    labels = GaussianMixture(3, random_state=0).fit(codes).predict(codes)
    truth = data.truth[60:]  # type: ignore[index]
    assert found.numbers[UNMATCHED] == pytest.approx(np.mean(labels == truth))


def test_only_networks_have_more_seeds_on_request(tmp_path: Path) -> None:
    from harness.reproductions.runs import _seeds

    assert _seeds(recipe("baseline"), Options(tmp_path, seeds=1)) == {"seeds": 20}
    assert _seeds(recipe("r3-pai"), Options(tmp_path, seeds=7)) == {"seeds": 7}
    assert _seeds(recipe("r4-akula"), Options(tmp_path, seeds=7)) == {
        "encoder_seeds": 7,
        "clusterer_seeds": 5,
    }
    assert _seeds(recipe("baseline"), Options(tmp_path, quick=True)) == {"seeds": 2}


def test_a_folder_that_cannot_be_written_is_told_before_anything_runs(
    command_line: CommandLine, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    code, _, err = command_line(
        "reproduce", "--all", "--out", str(tmp_path / "file"), "--store", str(tmp_path)
    )
    assert code == 2
    assert "Cannot write folder" in err
    assert "==" not in err
