"""Seeds and K of classes of others, nested ones too: what is set, and what is the user's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.mixture import GaussianMixture
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from harness.core.errors import BadParameter
from harness.core.plugin import Kind, Plugin
from harness.core.spec import Spec, parse
from harness.registry.configure import Configured, build, configure
from harness.registry.registry import Registry, load_registry

PLUGINS = '''
from harness import hookimpl
from sklearn.base import BaseEstimator


class Fits:
    def fit(self, X):
        self.labels_ = [0] * len(X)


class Short(Fits):
    def __init__(self, k=3, seed=0):
        self.k, self.seed = k, seed


class Long(Fits):
    def __init__(self, num_clusters=3, random_seed=None):
        self.num_clusters, self.random_seed = num_clusters, random_seed


class Several(Fits):
    def __init__(self, n_clusters=3, k=15, seed=None, random_state=None):
        self.n_clusters, self.k, self.seed, self.random_state = n_clusters, k, seed, random_state


class Points(Fits):
    """Of which `seed` says how the first centres are found, and `n_components` is no K."""

    def __init__(self, seed="k-means++", n_components=2):
        self.seed, self.n_components = seed, n_components


class Wraps(Fits, BaseEstimator):
    def __init__(self, base=None):
        self.base = base


class Needs(Fits):
    def __init__(self, k):
        self.k = k


@hookimpl
def clusterers():
    return {
        **{"short": Short, "long": Long, "several": Several, "points": Points, "wraps": Wraps, "needs": Needs}
    }
'''


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    path: Path = tmp_path_factory.mktemp("plugins") / "others_plugins.py"
    path.write_text(PLUGINS)
    found = load_registry([path])
    assert not found.broken
    return found


@pytest.fixture
def make(registry: Registry) -> Any:
    def configured(text: str, k: int | None = 5) -> Configured:
        spec = parse(text)
        return configure(registry.find("clusterer", spec.name), spec, {"n_clusters": k})

    return configured


def of_object(estimator: Any, k: int | None = 5, kind: Kind = "clusterer", **more: Any) -> Configured:
    """Configure an estimator as a program gives it: a class and its parameters."""
    place = f"{type(estimator).__module__}:{type(estimator).__qualname__}"
    spec = Spec(place, (), tuple({**estimator.get_params(deep=False), **more}.items()))
    return configure(Plugin(kind, place, place, "import path"), spec, {"n_clusters": k})


@pytest.mark.parametrize(
    ("text", "seed_names", "set_names"),
    [
        ("short", ("seed",), ("k",)),
        ("long", ("random_seed",), ("num_clusters",)),
        ("several", ("seed", "random_state"), ("n_clusters",)),
        ("points", (), ()),
        ("short(k=4)", ("seed",), ()),
        ("short(seed=4)", (), ("k",)),
        ("several(seed=4)", ("random_state",), ("n_clusters",)),
        ("sklearn.mixture:GaussianMixture", ("random_state",), ("n_components",)),
        ("sklearn.cluster:SpectralClustering", ("random_state",), ("n_clusters",)),
    ],
)
def test_what_is_set(text: str, seed_names: tuple[str, ...], set_names: tuple[str, ...], make: Any) -> None:
    step = make(text)
    assert (step.seed_names, step.set_names) == (seed_names, set_names)
    assert step.for_seed(7) == {**step.params, **dict.fromkeys(seed_names, 7)}
    assert all(step.params[name] == 5 for name in set_names)
    assert step.written_seed == ("seed=4" in text)


@pytest.mark.parametrize(
    ("text", "given", "k", "value"),
    [
        ("short", 5, "given", 5),
        ("short", None, "default", 3),
        ("short(k=4)", 5, "given", 4),
        ("long", 5, "given", 5),
        ("points", 5, "estimated", None),
        ("wraps", 5, "estimated", None),
    ],
)
def test_k_is_estimated_only_where_it_was_not_given(
    text: str, given: int | None, k: str, value: int | None, make: Any
) -> None:
    assert (make(text, given).k, make(text, given).k_value) == (k, value)


def test_what_is_set_is_shown(make: Any) -> None:
    assert make("short").set_text == "k=5, seed=<seed>"
    assert make("points").set_text == ""


def test_a_pipeline_s_last_step_is_told_k_and_all_its_steps_the_seed() -> None:
    steps = make_pipeline(StandardScaler(), PCA(2), KMeans(10))
    found = of_object(steps)
    assert found.seed_names == ("pca__random_state", "kmeans__random_state")
    assert (found.k, found.k_value, found.set_names) == ("given", 10, ())
    free = of_object(make_pipeline(KMeans(4), KMeans()))
    assert free.set_names == ("kmeans-2__n_clusters",)
    assert (free.k, free.k_value) == ("given", 5)
    unknown = of_object(make_pipeline(PCA(2), KMeans()), k=None)
    assert (unknown.k, unknown.k_value) == ("default", 8)


def test_a_mixture_within_is_told_k_and_a_projection_is_not() -> None:
    found = of_object(make_pipeline(PCA(), GaussianMixture()))
    assert found.set_names == ("gaussianmixture__n_components",)
    assert found.params["gaussianmixture__n_components"] == 5


def test_a_written_seed_within_is_the_user_s() -> None:
    both = of_object(make_pipeline(PCA(random_state=3), KMeans(random_state=4)))
    assert both.written_seed
    assert not both.seed_names
    assert both.params["kmeans__random_state"] == 4
    one = of_object(make_pipeline(PCA(random_state=3), KMeans()))
    assert one.written_seed
    assert one.seed_names == ("kmeans__random_state",)


def test_nested_parameters_may_be_written(make: Any) -> None:
    found = of_object(make_pipeline(PCA(2), KMeans()), kmeans__n_clusters=3, kmeans__random_state=9)
    assert (found.k, found.k_value) == ("given", 3)
    assert found.written_seed
    with pytest.raises(BadParameter, match=r"has no parameter 'kmeans__n_cluster'\. Did you mean"):
        of_object(make_pipeline(PCA(2), KMeans()), kmeans__n_cluster=3)
    with pytest.raises(BadParameter, match="has no parameter 'base__tol'"):
        make("wraps(base__tol=1)")


def test_the_user_s_own_objects_stay_as_they_were() -> None:
    mine = make_pipeline(PCA(2), KMeans(n_init=1))
    found = of_object(mine)
    X = np.random.default_rng(0).random((30, 4))
    made = [build(found.plugin, found.for_seed(seed)) for seed in (0, 1)]
    assert [each.fit(X)[-1].random_state for each in made] == [0, 1]
    assert (mine[-1].random_state, mine[-1].n_clusters) == (None, 8)
    assert not hasattr(mine[-1], "labels_")
    assert isinstance(made[0], Pipeline)


def test_k_that_a_class_needs_and_nobody_knows_is_asked_for(make: Any) -> None:
    assert make("needs").params == {"k": 5}
    with pytest.raises(BadParameter, match=r"'k' is required\. Give needs\(k=\.\.\.\) or -k, since the data"):
        make("needs", None)
    assert make("needs(k=2)", None).k == "given"
