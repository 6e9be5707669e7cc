"""What holds for every registered metric, and what each metric adds to scikit-learn."""

from __future__ import annotations

import inspect
import math
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import BadParameter, MetricInfo, NotApplicable

Metric = Callable[..., float]
PACKAGE = "harness.plugins.metrics"
FILES = Path(str(import_module(PACKAGE).__file__)).parent.glob("[a-z]*.py")
# Variants for large data stand in for the metric without "in batches": they are tested beside it.
NAMES = sorted(file.stem.replace("_", "-") for file in FILES if not file.stem.endswith("_in_batches"))


def load(name: str) -> Metric:
    stem = name.replace("-", "_")
    function: Metric = getattr(import_module(f"{PACKAGE}.{stem}"), stem)
    return function


def info_of(name: str) -> MetricInfo:
    info = load(name).info  # type: ignore[attr-defined]
    assert isinstance(info, MetricInfo)
    return info


def score(name: str, truth: Any, labels: Any, embedding: Any = None, **options: Any) -> float:
    """Score as the harness does: what a metric does not need is None."""
    needs = info_of(name).needs
    return load(name)(
        np.asarray(truth, dtype=np.int64) if "truth" in needs else None,
        np.asarray(labels, dtype=np.int64),
        np.asarray(embedding, dtype=np.float32) if "embedding" in needs else None,
        **options,
    )


EXTERNAL = [name for name in NAMES if "truth" in info_of(name).needs]
INTERNAL = [name for name in NAMES if "embedding" in info_of(name).needs]
MATCHED = ["accuracy", "purity"]
ABOVE_CHANCE = ["aaa", "nca", "npa", "psi"]  # matched one to one, chance subtracted
GROUPED = [
    name for name in EXTERNAL if name not in MATCHED + ABOVE_CHANCE
]  # noise is one more group, as in scikit-learn


def test_every_metric_file_is_registered() -> None:
    code = "from harness.registry.registry import load_registry; print(*load_registry().names('metric'))"
    listed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert sorted(listed.stdout.split()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_says_what_it_is(name: str) -> None:
    function, info = load(name), info_of(name)
    module = inspect.getmodule(function)
    assert module is not None
    assert module.__name__.rpartition(".")[2] == name.replace("-", "_")
    assert module.__doc__ is not None
    assert module.__doc__.strip().endswith(".")
    assert "\n" not in module.__doc__.strip()
    assert function.__doc__ is not None
    assert ">>> " in function.__doc__
    assert info.direction in ("higher", "lower", None)
    assert info.low < info.high
    assert set(info.needs) <= {"truth", "embedding"}
    assert info.source


@pytest.mark.parametrize("name", NAMES)
def test_a_metric_takes_truth_labels_embedding_and_keyword_options(name: str) -> None:
    kinds = [(p.name, p.kind) for p in inspect.signature(load(name)).parameters.values()]
    assert [n for n, _ in kinds[:3]] == ["truth", "labels", "embedding"]
    assert all(kind is inspect.Parameter.KEYWORD_ONLY for _, kind in kinds[3:])


def test_the_groups_of_metrics_are_as_expected() -> None:
    assert len(NAMES) == 21
    variants = ["medoid-silhouette", "silhouette", "silhouette-estimate", "simplified-silhouette"]
    assert ["calinski-harabasz", "davies-bouldin", *variants] == INTERNAL
    assert set(NAMES) - set(EXTERNAL) - set(INTERNAL) == {"coverage", "n-clusters"}
    assert info_of("davies-bouldin").direction == "lower"
    assert info_of("n-clusters").direction is None


@pytest.mark.parametrize("name", MATCHED)
def test_noise_counts_as_wrong(name: str) -> None:
    assert score(name, [0, 0, 1, 1], [0, -1, 1, 1]) == 0.75
    assert score(name, [0, 0, 1, 1], [-1, -1, -1, -1]) == 0
    assert score(name, [0, 0, 0, 0], [-1, -1, -1, 3]) == 0.25


@pytest.mark.parametrize("name", ABOVE_CHANCE)
def test_metrics_above_chance_count_noise_as_wrong(name: str) -> None:
    truth = [0, 0, 1, 1]
    assert score(name, truth, [5, -1, 7, 7]) < score(name, truth, [5, 5, 7, 7]) == 1
    assert score(name, truth, [-1, -1, -1, -1]) == (0 if name == "psi" else -1)


@pytest.mark.parametrize("name", ABOVE_CHANCE)
def test_metrics_above_chance_need_two_groups(name: str) -> None:
    with pytest.raises(NotApplicable, match=f"{name.replace('aaa', 'nca')} needs at least 2 classes"):
        score(name, [0, 0, 0, 0], [0, 0, 0, 0])
    assert score(name, [0, 0, 1, 1], [0, 0, 0, 0]) == 0


def test_nca_counts_every_class_the_same_and_npa_every_sample() -> None:
    truth = [0] * 90 + [1] * 10
    labels = [0] * 90 + [0] * 5 + [1] * 5
    assert score("nca", truth, labels) == pytest.approx(0.5)
    assert score("npa", truth, labels) == pytest.approx(0.9)


def test_metrics_above_chance_with_more_or_fewer_clusters_than_classes() -> None:
    truth = [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]
    fewer, more = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1], [0, 0, 3, 3, 1, 1, 1, 1, 2, 2, 2, 2]
    assert [score("nca", truth, fewer), score("nca", truth, more)] == pytest.approx([1 / 2, 3 / 4])
    assert [score("npa", truth, fewer), score("npa", truth, more)] == pytest.approx([1 / 2, 7 / 9])
    assert score("nca", truth, np.arange(12)) == pytest.approx((3 / 4 - 1) / 2)
    assert score("psi", truth, np.arange(12)) == pytest.approx((3 / 4 - 1 / 4) / (12 - 1 / 4))


def test_accuracy_matches_one_to_one_and_purity_does_not() -> None:
    truth, labels = [0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2]
    assert score("accuracy", truth, labels) == pytest.approx(4 / 6)
    assert score("purity", truth, labels) == 1
    truth, labels = [0, 0, 0, 1, 1, 2], [0, 0, 0, 0, 0, 0]
    assert score("accuracy", truth, labels) == score("purity", truth, labels) == 0.5


def test_accuracy_takes_many_clusters_and_huge_label_values() -> None:
    labels = np.arange(20_000) * 10**14
    assert score("accuracy", np.arange(20_000) % 10, labels) == 10 / 20_000
    assert score("purity", np.arange(20_000) % 10, labels) == 1


def test_coverage_and_n_clusters_leave_noise_out() -> None:
    assert score("coverage", None, [0, 5, -1, 5]) == 0.75
    assert score("n-clusters", None, [0, 5, -1, 5]) == 2
    assert score("coverage", None, [-1, -1]) == score("n-clusters", None, [-1, -1]) == 0


@pytest.mark.parametrize("name", INTERNAL)
@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ([0, 0, 0, 0], "at least 2 clusters .* got 1"),
        ([-1, -1, -1, -1], "at least 2 clusters .* got 1"),
        ([0, 1, 2, 3], "fewer clusters than samples, got 4"),
    ],
)
def test_internal_metrics_are_not_applicable_where_undefined(
    name: str, labels: list[int], reason: str
) -> None:
    with pytest.raises(NotApplicable, match=f"{name} needs {reason}"):
        score(name, None, labels, np.eye(4))


@pytest.mark.parametrize("name", INTERNAL)
def test_internal_metrics_prefer_the_true_clusters(name: str) -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat([0, 1, 2], 30)
    embedding = 10 * np.eye(3)[truth] + rng.normal(size=(90, 3))
    good, bad = score(name, None, truth, embedding), score(name, None, rng.permutation(truth), embedding)
    assert good > bad if info_of(name).direction == "higher" else good < bad


@pytest.mark.parametrize("name", INTERNAL)
def test_internal_metrics_stay_finite_where_points_coincide(name: str) -> None:
    assert math.isfinite(score(name, None, [0, 0, 1, 1], np.zeros((4, 2))))
    assert math.isfinite(score(name, None, [0, 0, 1, 1], [[0], [0], [1], [1]]))


@pytest.mark.parametrize("name", ["nmi", "ami"])
def test_a_wrong_average_is_named_with_the_allowed_ones(name: str) -> None:
    message = "average must be one of arithmetic, geometric, max, min, got 'mean'"
    with pytest.raises(BadParameter, match=message):
        score(name, [0, 1], [0, 1], average="mean")


@pytest.mark.parametrize("beta", [-1.0, 0, math.nan, math.inf])
def test_v_measure_refuses_a_beta_without_meaning(beta: float) -> None:
    with pytest.raises(BadParameter, match="above 0"):
        score("v-measure", [0, 1], [0, 1], beta=beta)


def test_v_measure_weighs_completeness_by_beta() -> None:
    truth, labels = [0, 0, 1, 1], [0, 0, 1, 2]
    least, most = (score("v-measure", truth, labels, beta=beta) for beta in (1e-9, 1e9))
    assert least == pytest.approx(score("homogeneity", truth, labels))
    assert most == pytest.approx(score("completeness", truth, labels))


@pytest.mark.parametrize(("truth", "labels"), [([0, 0, 1, 1], [0, 1, 2, 3]), ([0, 1, 2, 3], [0, 0, 1, 1])])
def test_ami_by_the_lower_entropy_has_no_value_for_single_samples(
    truth: list[int], labels: list[int]
) -> None:
    with pytest.raises(NotApplicable, match="0/0"):
        score("ami", truth, labels, average="min")
