"""How a plugin's parameters are put together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.core.errors import BadParameter, NotApplicable
from harness.core.plugin import Kind
from harness.core.spec import parse
from harness.registry.configure import Configured, build, configure
from harness.registry.registry import Registry, load_registry

PLUGINS = '''
from harness import NotApplicable, hookimpl
from sklearn.base import BaseEstimator


class Fits:
    def fit(self, X):
        self.labels_ = [0] * len(X)


class Plain(Fits):
    """No get_params, and parameters that the harness sets."""

    def __init__(self, by=1, random_state=None, n_clusters=None, *, image_shape=None, device="?", n_jobs=1):
        self.seen = (by, random_state, n_clusters, image_shape, device, n_jobs)


class Required(Fits):
    def __init__(self, must, n_clusters, random_state, image_shape, may=2, **more):
        self.must, self.n_clusters, self.more = must, n_clusters, more


class Estimator(Fits, BaseEstimator):
    def __init__(self, must, n_clusters, may=2):
        self.must, self.n_clusters, self.may = must, n_clusters, may


class Refuses(Fits):
    def __init__(self, by=1):
        if by == 2:
            raise ValueError("by must not be 2")
        if by == 3:
            raise TypeError("by must be a number")
        if by == 4:
            raise NotApplicable("never with 4")


class Bare(Fits):
    pass


def options(truth, labels, beta, alpha=1):
    return 0.0


@hookimpl
def clusterers():
    return {"plain": Plain, "required": Required, "estimator": Estimator, "refuses": Refuses, "bare": Bare}


@hookimpl
def metrics():
    return {"options": options}
'''
SETTINGS = {"n_clusters": 5, "image_shape": (2, 2, 1), "device": "cpu", "n_jobs": None}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    path: Path = tmp_path_factory.mktemp("plugins") / "own_plugins.py"
    path.write_text(PLUGINS)
    found = load_registry([path])
    assert not found.broken
    return found


@pytest.fixture
def make(registry: Registry) -> Any:
    def configured(text: str, kind: Kind = "clusterer", **settings: Any) -> Configured:
        spec = parse(text)
        return configure(registry.find(kind, spec.name), spec, settings)

    return configured


def test_written_beats_set_beats_default(make: Any) -> None:
    assert make("kmeans").params["n_clusters"] == 8
    assert make("kmeans", n_clusters=5).params["n_clusters"] == 5
    assert make("kmeans(n_clusters=3)", n_clusters=5).params["n_clusters"] == 3
    assert make("kmeans(3)", n_clusters=5).params["n_clusters"] == 3
    assert make("kmeans", n_clusters=None).params["n_clusters"] == 8, "what is not known is not set"
    assert make("kmeans(tol=0.5)", n_clusters=5).params["tol"] == 0.5


def test_all_parameters_are_there_in_one_order(make: Any) -> None:
    found = make("kmeans", n_clusters=5).params
    expected = ["algorithm", "init", "max_iter", "n_clusters", "n_init", "random_state", "tol"]
    assert sorted(found) == expected
    assert list(make("kmeans(tol=1, n_init=2)").params) == list(found)


def test_the_harness_sets_what_the_plugin_has_and_no_more(make: Any) -> None:
    plain = make("plain", **SETTINGS, nonsense=1).params
    assert plain == {
        **{"by": 1, "random_state": None, "n_clusters": 5},
        **{"image_shape": (2, 2, 1), "device": "cpu", "n_jobs": 1},
    }
    assert not set(make("sklearn.cluster:DBSCAN", **SETTINGS).params) & {
        "n_clusters",
        "image_shape",
        "device",
    }


@pytest.mark.parametrize(
    ("text", "settings", "k"),
    [
        ("kmeans", {}, "default"),
        ("kmeans", {"n_clusters": None}, "default"),
        ("kmeans", {"n_clusters": 5}, "given"),
        ("kmeans(n_clusters=3)", {}, "given"),
        ("kmeans(3)", {"n_clusters": 5}, "given"),
        ("sklearn.cluster:DBSCAN", {"n_clusters": 5}, "estimated"),
        ("bare", {"n_clusters": 5}, "estimated"),
        ("plain", {}, "estimated"),
        ("sklearn.mixture:GaussianMixture(n_components=3)", {}, "given"),
        ("sklearn.cluster:Birch(n_clusters=None)", {}, "estimated"),
    ],
)
def test_where_k_comes_from(text: str, settings: dict[str, Any], k: str, make: Any) -> None:
    assert make(text, **settings).k == k


def test_only_clusterers_have_a_k(make: Any) -> None:
    assert make("pca", "encoder", n_clusters=5).k == ""
    assert make("sklearn.cluster:KMeans", "encoder", n_clusters=5).k == ""
    assert make("accuracy", "metric").k == ""


def test_the_seed_is_the_harness_s_unless_written(make: Any) -> None:
    kmeans = make("kmeans")
    assert kmeans.seeded
    assert kmeans.for_seed(3) == {**kmeans.params, "random_state": 3}
    assert kmeans.params["random_state"] is None, "the params themselves stay as they were"
    for text in ("kmeans(random_state=72)", "plain(1, 72)"):
        assert not make(text).seeded
        assert make(text).for_seed(3)["random_state"] == 72
    assert not make("sklearn.cluster:Birch").seeded
    assert make("sklearn.cluster:Birch").for_seed(3) == make("sklearn.cluster:Birch").params
    assert make("kmeans(random_state=None)").seeded, "None leaves the seed to the harness"


def test_label_is_what_was_written(make: Any) -> None:
    assert make("kmeans", n_clusters=5).label == "kmeans"
    assert make("kmeans(tol=1, n_init=2)").label == make("kmeans(n_init=2,tol=1)").label
    assert make("kmeans(3)").label == "kmeans(n_clusters=3)"
    assert make("gmm(3, diag)").label == "gmm(covariance_type='diag', n_clusters=3)"
    assert make("sklearn.cluster:Birch(0.3)").label == "sklearn.cluster:Birch(threshold=0.3)"


def test_classes_without_get_params(make: Any, registry: Registry) -> None:
    assert make("bare").params == {}
    step = make("plain(2)", **SETTINGS)
    assert build(step.plugin, step.for_seed(7)).seen == (2, 7, 5, (2, 2, 1), "cpu", 1)


def test_classes_of_others_by_import_path(make: Any) -> None:
    step = make("sklearn.cluster:AgglomerativeClustering(linkage=single)", n_clusters=4)
    estimator = build(step.plugin, step.params)
    assert (estimator.linkage, estimator.n_clusters) == ("single", 4)
    assert make("sklearn.decomposition:PCA", "encoder").seeded


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kmeans(n_inti=3)", r"Clusterer 'kmeans' has no parameter 'n_inti'\. Did you mean 'n_init'\?"),
        ("kmeans(zzz=3)", "has no parameter 'zzz'. Parameters: algorithm, init, max_iter"),
        ("bare(x=1)", r"has no parameter 'x'\. Parameters: none"),
        ("kmeans(3, n_clusters=3)", "parameter 'n_clusters' is given twice"),
        ("kmeans(n_init=3, n_init=4)", "parameter 'n_init' is given twice"),
        ("bare(1)", r"takes at most 0 parameters \(none\), got 1"),
        ("refuses(1, 2)", r"takes at most 1 parameters \(by\), got 2"),
        ("refuses(2)", "Clusterer 'refuses' cannot be constructed: by must not be 2"),
        ("refuses(by=3)", "Clusterer 'refuses' cannot be constructed: by must be a number"),
        ("required", r"Clusterer 'required': parameter 'must' is required\. Give required\(must=\.\.\.\)"),
        ("required(may=3)", "parameter 'must' is required"),
        ("estimator", "parameter 'must' is required"),
    ],
)
def test_wrong_parameters(text: str, message: str, make: Any) -> None:
    with pytest.raises(BadParameter, match=message) as caught:
        make(text, **SETTINGS)
    assert "\n" not in str(caught.value)


def test_a_plugin_s_own_errors_pass(make: Any) -> None:
    with pytest.raises(NotApplicable, match=r"^never with 4$"):
        make("refuses(4)")


def test_what_the_harness_sets_need_not_be_written(make: Any) -> None:
    for text in ("required(1)", "required(must=1)"):
        found = make(text, **SETTINGS)
        assert found.params == {
            **{"must": 1, "n_clusters": 5, "random_state": None},
            **{"image_shape": (2, 2, 1), "may": 2},
        }
        assert found.seeded
    assert make("estimator(1)", **SETTINGS).params == {"must": 1, "n_clusters": 5, "may": 2}


def test_options_of_metrics(make: Any) -> None:
    assert make("sklearn.metrics:fbeta_score(beta=2, average=macro)", "metric").params["beta"] == 2
    assert make("options(3)", "metric").params == {"beta": 3, "alpha": 1}
    assert make("options(3)", "metric").label == "options(beta=3)"
    assert make("accuracy", "metric").params == {}
    for text, message in [
        ("options", "Metric 'options': parameter 'beta' is required"),
        ("options(truth=1)", "has no parameter 'truth'"),
        ("options(bta=1)", "Did you mean 'beta'"),
        ("accuracy(labels=1)", "has no parameter 'labels'"),
        ("accuracy(1)", "at most 0 parameters"),
    ]:
        with pytest.raises(BadParameter, match=message):
            make(text, "metric")
