"""What cannot be an encoder, a clusterer or a metric is refused at once, with what to type instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.errors import BadParameter
from harness.core.plugin import Kind
from harness.core.spec import parse
from harness.registry.configure import build, configure
from harness.registry.fitting import label
from harness.registry.registry import Registry, load_registry

MODULE = """
from sklearn.cluster import KMeans
from sklearn.base import BaseEstimator


class OnlyBoth:
    def fit_predict(self, X):
        return [0] * len(X)


class Supervised:
    def fit(self, X, y):
        self.labels_ = y


class Nothing:
    pass


def function(X):
    return X


an_object = KMeans(3)


def no_roles(a, b):
    return 0.0


def own(truth, labels, embedding=None, *, labels_true=None, weight=1, **more):
    return float(weight)
"""


@pytest.fixture(scope="module")
def registry() -> Registry:
    return load_registry()


@pytest.fixture
def place(tmp_path: Path) -> str:
    (tmp_path / "unsuitable.py").write_text(MODULE)
    return f"{tmp_path / 'unsuitable.py'}"


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        (
            "clusterer",
            "Nothing",
            r"is not a clusterer: it needs fit\(X\), which sets labels_, or fit_predict",
        ),
        (
            "clusterer",
            "Supervised",
            r"its fit needs y .* true labels are never passed\. Define fit\(self, X, y=None\)",
        ),
        ("clusterer", "function", r"must be a class .* got a function\. Name a class, e.g. module:Class"),
        ("clusterer", "an_object", "must be a class .* got an object of KMeans"),
        ("encoder", "OnlyBoth", r"is not an encoder: .* Use it as a clusterer: -c"),
        ("encoder", "Nothing", r"is not an encoder: it needs fit\(X\) and transform\(X\), or fit_transform"),
        ("metric", "no_roles", "is not a metric: it takes a, b, and none of these is known"),
        ("metric", "Nothing", "must be a function of .* got a class"),
        ("metric", "an_object", "must be a function of .* got an object of KMeans"),
    ],
)
def test_refused(kind: Kind, name: str, reason: str, place: str, registry: Registry) -> None:
    spec = parse(f"{place}:{name}")
    with pytest.raises(BadParameter, match=reason) as caught:
        configure(registry.find(kind, spec.name), spec, {"n_clusters": 3})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "name", "reason"),
    [
        ("clusterer", "sklearn.decomposition:PCA", "Use it as an encoder: -e sklearn.decomposition:PCA"),
        ("clusterer", "sklearn.ensemble:RandomForestClassifier", "its fit needs y"),
        ("encoder", "sklearn.discriminant_analysis:LinearDiscriminantAnalysis", "its fit needs y"),
        ("encoder", "sklearn.cluster:DBSCAN", "Use it as a clusterer: -c sklearn.cluster:DBSCAN"),
        ("metric", "sklearn.metrics:roc_auc_score", "takes y_true, y_score,"),
        ("metric", "sklearn.cluster:KMeans", "got a class"),
    ],
)
def test_refused_of_a_library(kind: Kind, name: str, reason: str, registry: Registry) -> None:
    with pytest.raises(BadParameter, match=reason):
        configure(registry.find(kind, name), parse(name), {"n_clusters": 3})


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        *(("encoder", f"sklearn.{name}") for name in ("manifold:TSNE", "preprocessing:StandardScaler")),
        *(("clusterer", f"sklearn.{name}") for name in ("cluster:DBSCAN", "cluster:FeatureAgglomeration")),
        ("clusterer", "sklearn.mixture:GaussianMixture"),
        ("encoder", "sklearn.cluster:KMeans"),
    ],
)
def test_accepted(kind: Kind, name: str, registry: Registry) -> None:
    configure(registry.find(kind, name), parse(name), {"n_clusters": 3})


def test_a_class_with_fit_predict_alone_is_used_as_it_is(place: str, registry: Registry) -> None:
    spec = parse(f"{place}:OnlyBoth")
    step = configure(registry.find("clusterer", spec.name), spec, {})
    assert label(build(step.plugin, step.params), [[1.0], [2.0]]) == [0, 0]


def test_a_pipeline_whose_last_step_cannot_predict_gives_its_labels() -> None:
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.pipeline import make_pipeline

    found = label(make_pipeline(AgglomerativeClustering(2)), [[0.0], [0.1], [5.0]])
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_the_options_of_a_metric_are_neither_its_roles_nor_more_keywords(
    place: str, registry: Registry
) -> None:
    found = configure(registry.find("metric", f"{place}:own"), parse(f"{place}:own"), {})
    assert found.params == {"labels_true": None, "weight": 1}
    silhouette = "sklearn.metrics:silhouette_score"
    params = configure(registry.find("metric", silhouette), parse(silhouette), {}).params
    assert params == {"metric": "euclidean", "sample_size": None, "random_state": 0}
