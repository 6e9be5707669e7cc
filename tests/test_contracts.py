"""Datasets, names with parameters, and how parameters are put together."""

from __future__ import annotations

import keyword
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import mutual_info_score, rand_score
from sklearn.metrics import silhouette_score as sk_silhouette

from harness import Dataset, scoring
from harness.configure import configure
from harness.errors import BadParameter, DataError
from harness.registry import Plugin, load_registry
from harness.scoring import call_metric, metric_info, score
from harness.spec import display, parse, parse_chain

X = np.random.default_rng(0).random((8, 4), dtype=np.float32)

REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "one sample": ({"samples": X[:1]}, "at least 2 samples"),
    "no feature": ({"samples": X[:, :0]}, "at least 2 samples of 1 feature"),
    "float64": ({"samples": X.astype(float)}, "float32"),
    "three dimensions": ({"samples": X[None]}, "2-D"),
    "nan": ({"samples": np.where(X[2, 1] == X, np.float32("nan"), X)}, "nan in row 2, column 1"),
    "infinity": ({"samples": np.where(X[3, 0] == X, np.float32("inf"), X)}, "inf in row 3, column 0"),
    "labels": ({"samples": X, "truth": np.zeros(7, np.int64)}, "7 labels for 8 samples"),
    "images": ({"samples": X, "image_shape": (3, 3, 1)}, "do not have 4 values"),
    "split": ({"samples": X, "n_train": 8}, "1 to 7 rows, got 8"),
}


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "a\nb"])
def test_dataset_name_is_a_file_name(name: str) -> None:
    with pytest.raises(DataError, match="file name"):
        Dataset(name, X)


@pytest.mark.parametrize("what", REFUSED)
def test_dataset_refuses(what: str) -> None:
    options, reason = REFUSED[what]
    with pytest.raises(DataError, match=reason):
        Dataset("toy", **options)


def test_dataset_digest_is_of_samples_alone() -> None:
    base = Dataset("toy", X, np.arange(8), n_train=4)
    assert base.digest == Dataset("other", X.copy(), np.arange(8)[::-1].copy(), n_train=4).digest
    assert base.digest != Dataset("toy", X, np.arange(8), n_train=5).digest
    assert base.digest != Dataset("toy", X[::-1].copy(), np.arange(8), n_train=4).digest
    assert base.truth_digest != Dataset("toy", X, np.arange(8)[::-1].copy(), n_train=4).truth_digest


def test_dataset_is_read_only_and_leaves_the_callers_array_alone() -> None:
    mine = X.copy()
    data = Dataset("toy", mine)
    with pytest.raises(ValueError, match="read-only"):
        data.samples[0, 0] = 1
    mine[0, 0] = 1


def test_parts_of_a_split() -> None:
    data = Dataset("toy", X, n_train=5)
    assert [data.rows(part) for part in ("train", "test", "all")] == [slice(0, 5), slice(5, 8), slice(0, 8)]
    with pytest.raises(DataError, match="protocol full"):
        Dataset("toy", X).rows("test")


UNREADABLE = ["", "(3)", "a(", "a)b(", "a(1,)x", "a(**b)", "a(b=c.d)", "a(b=1+)", "a(b=f(2))", "a+"]


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_names(text: str) -> None:
    with pytest.raises(BadParameter) as caught:
        parse_chain(text)
    assert "\n" not in str(caught.value)


names = st.from_regex(r"[a-z][a-z_0-9]{0,8}", fullmatch=True).filter(lambda name: not keyword.iskeyword(name))
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.none() | st.booleans() | numbers | st.text()


@given(st.dictionaries(names, values | st.lists(values, max_size=3), max_size=4))
def test_what_is_displayed_is_read_again(params: dict[str, Any]) -> None:
    spec = parse(display("plugin", params))
    assert dict(spec.kwargs) == params
    assert [str(each) for each in parse_chain(f"a+{display('plugin', params)}+b")] == ["a", str(spec), "b"]


def clusterer(text: str, **settings: Any) -> Any:
    spec = parse(text)
    return configure(load_registry().find("clusterer", spec.name), spec, settings)


def test_written_beats_set_beats_default() -> None:
    assert clusterer("kmeans").params["n_clusters"] == 8
    assert clusterer("kmeans").k == "default"
    assert clusterer("kmeans", n_clusters=5).params["n_clusters"] == 5
    assert clusterer("kmeans", n_clusters=5).k == "given"
    assert clusterer("kmeans(n_clusters=3)", n_clusters=5).params["n_clusters"] == 3
    assert clusterer("kmeans(3)", n_clusters=5).label == "kmeans(n_clusters=3)"
    assert clusterer("sklearn.cluster:DBSCAN", n_clusters=5).k == "estimated"


def test_seed_is_the_harness_s_unless_written() -> None:
    assert clusterer("kmeans").seeded
    assert clusterer("kmeans").for_seed(3)["random_state"] == 3
    written = clusterer("kmeans(random_state=72)")
    assert not written.seeded
    assert written.for_seed(3)["random_state"] == 72
    assert not clusterer("sklearn.cluster:Birch").seeded


def test_unknown_and_double_parameters() -> None:
    with pytest.raises(BadParameter, match="Did you mean 'n_init'"):
        clusterer("kmeans(n_inti=3)")
    with pytest.raises(BadParameter, match="twice"):
        clusterer("kmeans(3, n_clusters=3)")
    with pytest.raises(BadParameter, match="at most"):
        clusterer("sklearn.cluster:MeanShift(" + "1," * 30 + "1)")


def test_metrics_of_others_tell_their_needs_by_their_arguments() -> None:
    truth, labels = np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2])
    assert metric_info(rand_score).needs == ("truth",)
    assert metric_info(sk_silhouette).needs == ("embedding",)
    assert call_metric(rand_score, truth, labels, None, {}) == rand_score(truth, labels)
    found = call_metric(sk_silhouette, None, labels, X[:4], {"metric": "cosine"})
    assert found == pytest.approx(sk_silhouette(X[:4], labels, metric="cosine"))
    assert call_metric(mutual_info_score, truth, labels, None, {}) == mutual_info_score(truth, labels)


def test_large_embeddings_are_sampled_the_same_way_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "SAMPLE", 50)
    rng = np.random.default_rng(1)
    embedding, labels = rng.random((200, 3), dtype=np.float32), rng.integers(0, 3, 200)
    plugin: Plugin = load_registry().find("metric", "silhouette")
    first = score(plugin, {}, None, labels, lambda: embedding)
    assert first == score(plugin, {}, None, labels, lambda: embedding)
    assert first["sample"] == 50
    assert first["score"] != pytest.approx(sk_silhouette(embedding, labels), abs=1e-9)
    accuracy = load_registry().find("metric", "accuracy")
    assert "sample" not in score(accuracy, {}, labels, labels, lambda: embedding), "labels alone are cheap"
