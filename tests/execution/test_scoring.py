"""Scoring labels with metrics of our own and of others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as sk

from harness.core.errors import NotApplicable
from harness.core.interfaces import Dataset, MetricInfo
from harness.core.plugin import Plugin
from harness.execution import scoring
from harness.execution.scoring import score
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.loading import load_plugin
from harness.registry.metrics import call_metric, metric_info, options
from harness.registry.registry import load_registry

TRUTH, LABELS = np.array([0, 0, 1, 1, 2]), np.array([0, 0, 1, 2, 2])
EMBEDDING = np.arange(10, dtype=np.float32).reshape(5, 2) ** 2

SEEN = """
import numpy as np
from harness import hookimpl, metric
seen = []

def mark(*needs):
    return metric(direction="higher", low=0, high=1, needs=needs, source="test")

@mark("truth", "embedding")
def both(truth, labels, embedding, power=1):
    seen.append((truth, labels, embedding))
    return float(truth.sum() + labels.sum() + embedding.sum()) ** power

@mark()
def none(truth, labels, embedding):
    seen.append((truth, labels, embedding))
    return np.int64(len(labels))

@mark("truth")
def endless(truth, labels, embedding):
    return float("inf")

@hookimpl
def metrics():
    return {"both": both, "none": none, "endless": endless}
"""


@pytest.fixture
def find(tmp_path: Path) -> Any:
    (tmp_path / "seen.py").write_text(SEEN)
    registry = load_registry([tmp_path / "seen.py"])
    assert not registry.broken
    return lambda name: registry.find("metric", name)


def seen(plugin: Plugin) -> list[Any]:
    return load_plugin(plugin).__globals__["seen"]  # type: ignore[no-any-return]


def never() -> Any:
    raise AssertionError("the embedding is not needed")


def test_a_metric_says_what_it_is(find: Any) -> None:
    assert metric_info(load_plugin(find("both"))) == MetricInfo(
        "higher", 0, 1, ("truth", "embedding"), "test"
    )
    assert options(load_plugin(find("both"))) == ["power"]
    assert options(load_plugin(find("none"))) == []


@pytest.mark.parametrize(
    ("function", "needs", "some_options"),
    [
        (sk.rand_score, ("truth",), []),
        (sk.fowlkes_mallows_score, ("truth",), []),
        (sk.v_measure_score, ("truth",), ["beta"]),
        (sk.accuracy_score, ("truth",), ["normalize", "sample_weight"]),
        (sk.silhouette_score, ("embedding",), ["metric", "sample_size", "random_state"]),
        (sk.davies_bouldin_score, ("embedding",), []),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_functions_of_others_tell_by_their_arguments(
    function: Any, needs: tuple[str, ...], some_options: list[str]
) -> None:
    info = metric_info(function)
    assert info == MetricInfo(None, float("-inf"), float("inf"), needs, "")
    assert options(function)[: len(some_options)] == some_options


def test_functions_of_others_are_called_by_name() -> None:
    def truth_last(y_pred: Any, y_true: Any) -> Any:
        return np.float32(10 * y_true[0] + y_pred[0])

    assert call_metric(truth_last, [1], [2], None, {}) == 12
    assert type(call_metric(truth_last, [1], [2], None, {})) is float
    fine = np.arange(5)
    assert call_metric(sk.homogeneity_score, TRUTH, fine, None, {}) == pytest.approx(1)
    assert call_metric(sk.homogeneity_score, fine, TRUTH, None, {}) < 0.9
    found = call_metric(sk.v_measure_score, TRUTH, fine, EMBEDDING, {"beta": 3})
    assert found == sk.v_measure_score(TRUTH, fine, beta=3) != sk.v_measure_score(TRUTH, fine)
    found = call_metric(sk.silhouette_score, None, LABELS, EMBEDDING, {"metric": "cosine"})
    assert found == pytest.approx(sk.silhouette_score(EMBEDDING, LABELS, metric="cosine"))


def test_declared_metrics_are_called_by_place(find: Any) -> None:
    function = load_plugin(find("both"))
    total = float(TRUTH.sum() + LABELS.sum() + EMBEDDING.sum())
    assert call_metric(function, TRUTH, LABELS, EMBEDDING, {}) == total
    assert call_metric(function, TRUTH, LABELS, EMBEDDING, {"power": 2}) == total**2


def test_a_metric_is_given_what_it_needs_and_no_more(find: Any) -> None:
    plugin = find("none")
    found = score(plugin, {}, TRUTH, LABELS, never)
    assert found == {"score": 5.0}
    assert type(found["score"]) is float
    truth, labels, embedding = seen(plugin)[-1]
    assert (truth, embedding) == (None, None)
    assert labels is LABELS
    score(find("both"), {}, TRUTH, LABELS, lambda: EMBEDDING)
    truth, labels, embedding = seen(plugin)[-1]
    assert (truth is TRUTH, labels is LABELS, embedding is EMBEDDING) == (True, True, True)


def test_a_score_that_is_not_finite_is_not_applicable(find: Any) -> None:
    with pytest.raises(NotApplicable, match=r"endless has no finite value here \(got inf\)"):
        score(find("endless"), {}, TRUTH, LABELS)


def test_large_embeddings_are_sampled_by_the_same_rows_each_time(
    find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "SAMPLE", 50)
    n = 200
    rows = np.arange(n)
    plugin = find("both")
    found = [score(plugin, {}, rows, rows + 1, lambda: rows[:, None] + np.float32(2)) for _ in range(2)]
    first, second = seen(plugin)[-2:]
    assert found[0] == found[1]
    assert found[0]["sample"] == 50
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
    truth, labels, embedding = first
    assert len(np.unique(truth)) == 50, "no row twice"
    assert (np.diff(truth) > 0).all()
    assert truth.max() > n / 2, "not just the first rows"
    np.testing.assert_array_equal(labels, truth + 1)
    np.testing.assert_array_equal(embedding[:, 0], truth + 2)
    expected = np.sort(np.random.default_rng(0).choice(n, 50, replace=False))
    np.testing.assert_array_equal(truth, expected, err_msg="stored scores were drawn so")


def test_only_what_is_larger_and_reads_the_embedding_is_sampled(
    find: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoring, "SAMPLE", 5)
    assert "sample" not in score(find("both"), {}, TRUTH, LABELS, lambda: EMBEDDING)
    monkeypatch.setattr(scoring, "SAMPLE", 4)
    assert score(find("both"), {}, TRUTH, LABELS, lambda: EMBEDDING)["sample"] == 4
    assert score(find("none"), {}, TRUTH, LABELS, never) == {"score": 5.0}
    path = load_registry().find("metric", "sklearn.metrics:davies_bouldin_score")
    assert score(path, {}, None, LABELS, lambda: EMBEDDING)["sample"] == 4


def test_samples_without_a_class_are_left_out_where_the_classes_are_needed(find: Any) -> None:
    truth = np.array([0, -1, 1, 1, -1])
    assert score(find("both"), {}, truth, LABELS, lambda: EMBEDDING)["score"] == float(
        2 + 3 + EMBEDDING[[0, 2, 3]].sum()
    )
    assert score(find("none"), {}, truth, LABELS)["score"] == 5
    registry = load_registry()
    for name in ("accuracy", "nmi", "purity", "ari"):
        plugin = registry.find("metric", name)
        assert score(plugin, {}, truth, LABELS) == score(plugin, {}, truth[[0, 2, 3]], LABELS[[0, 2, 3]])
    with pytest.raises(NotApplicable, match="none of these samples has a class"):
        score(find("both"), {}, np.full(5, -1), LABELS, lambda: EMBEDDING)


def test_another_name_of_a_metric_is_computed_only_if_named(toy: Dataset) -> None:
    registry = load_registry()
    default = make_plan(toy, "full", Request(["identity"], ["kmeans"]).filled(registry), registry)
    named = make_plan(toy, "full", Request(["identity"], ["kmeans"], ["nca", "aaa"]), registry)
    assert {"nca", "npa", "psi"} <= default.cells[0].scores.keys()
    assert "aaa" not in default.cells[0].scores
    assert list(named.cells[0].scores) == ["nca", "aaa"]
