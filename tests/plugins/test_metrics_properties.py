"""Metrics over generated partitions, against scikit-learn and against brute force."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn import metrics as sk

from harness import MetricInfo

PACKAGE = "harness.plugins.metrics"
STEMS = sorted(file.stem for file in Path(str(import_module(PACKAGE).__file__)).parent.glob("[a-z]*.py"))
METRICS: dict[str, Any] = {
    stem.replace("_", "-"): getattr(import_module(f"{PACKAGE}.{stem}"), stem) for stem in STEMS
}
INFO: dict[str, MetricInfo] = {name: function.info for name, function in METRICS.items()}
NAMES = list(METRICS)
EXTERNAL = [name for name in NAMES if "truth" in INFO[name].needs]
INTERNAL = [name for name in NAMES if "embedding" in INFO[name].needs]
MATCHED = ["accuracy", "purity"]
ABOVE_CHANCE = ["aaa", "nca", "npa", "psi"]  # matched one to one, chance subtracted; undefined with one class
GROUPED = [
    name for name in EXTERNAL if name not in MATCHED + ABOVE_CHANCE
]  # noise is one more group, as in scikit-learn
BY_CENTRES = ["medoid-silhouette", "simplified-silhouette"]  # against formulas in test_silhouette_variants
Ints = NDArray[np.int64]
Pair = tuple[Ints, Ints]

REFERENCE: dict[str, Callable[..., Any]] = {
    "nmi": sk.normalized_mutual_info_score,
    "ami": sk.adjusted_mutual_info_score,
    "ari": sk.adjusted_rand_score,
    "homogeneity": sk.homogeneity_score,
    "completeness": sk.completeness_score,
    "v-measure": sk.v_measure_score,
    "fowlkes-mallows": sk.fowlkes_mallows_score,
    "silhouette": sk.silhouette_score,
    "silhouette-estimate": sk.silhouette_score,  # exact, as the sample has all rows
    "calinski-harabasz": sk.calinski_harabasz_score,
    "davies-bouldin": sk.davies_bouldin_score,
    "calinski-harabasz-in-batches": sk.calinski_harabasz_score,
    "davies-bouldin-in-batches": sk.davies_bouldin_score,
}
SYMMETRIC = ["nmi", "ami", "ari", "v-measure", "fowlkes-mallows", "npa", "psi"]
few = settings(max_examples=40, deadline=None)
some = settings(max_examples=60, deadline=None)


def score(name: str, truth: Any, labels: Ints, embedding: Any = None, **options: Any) -> float:
    """Score as the harness does: what a metric does not need is None."""
    needs = INFO[name].needs
    return float(
        METRICS[name](
            truth if "truth" in needs else None,
            labels,
            embedding if "embedding" in needs else None,
            **options,
        )
    )


@st.composite
def partitions(draw: st.DrawFn, low: int = -1, most: int = 12, size: int = 30) -> Pair:
    """Draw truth and labels: noise, gaps, one class, one cluster and all noise among them."""
    n = draw(st.integers(2, size))
    classes, clusters = draw(st.integers(0, most)), draw(st.integers(low, most))
    truth = draw(st.lists(st.integers(0, classes), min_size=n, max_size=n))
    labels = draw(st.lists(st.integers(low, clusters), min_size=n, max_size=n))
    step = draw(st.sampled_from([1, 3, 10**12]))
    found = np.array(labels, dtype=np.int64)
    return np.array(truth, dtype=np.int64), np.where(found < 0, -1, found * step)


def embed(n: int, seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32)


def brute_accuracy(truth: Ints, labels: Ints) -> float:
    """Try every one-to-one matching of the clusters and classes; the longer side keeps some unmatched."""
    counts = [[int(((labels == c) & (truth == t)).sum()) for t in set(truth)] for c in set(labels) - {-1}]
    if not counts:
        return 0.0
    short, long = sorted([range(len(counts)), range(len(counts[0]))], key=len)
    if len(counts) > len(counts[0]):
        counts = [list(column) for column in zip(*counts, strict=True)]
    matchings = permutations(long, len(short))
    return max(sum(counts[i][j] for i, j in zip(short, m, strict=True)) for m in matchings) / len(truth)


def brute_purity(truth: Ints, labels: Ints) -> float:
    clusters = [c for c in np.unique(labels) if c >= 0]
    return sum(max(int((truth[labels == c] == t).sum()) for t in truth) for c in clusters) / len(truth)


def test_every_grouped_and_internal_metric_has_a_reference() -> None:
    assert sorted([*REFERENCE, *BY_CENTRES]) == sorted(GROUPED + INTERNAL)


@pytest.mark.parametrize("name", GROUPED)
@some
@given(pair=partitions())
def test_equals_scikit_learn(name: str, pair: Pair) -> None:
    assert score(name, *pair) == pytest.approx(REFERENCE[name](*pair), abs=1e-12)


@pytest.mark.parametrize("average", ["arithmetic", "geometric", "min", "max"])
@pytest.mark.parametrize("name", ["nmi", "ami"])
@few
@given(pair=partitions())
def test_equals_scikit_learn_with_each_average(name: str, average: str, pair: Pair) -> None:
    single = len(pair[0]) in (len(np.unique(pair[0])), len(np.unique(pair[1])))
    assume(not (name == "ami" and average == "min" and single))
    expected = REFERENCE[name](*pair, average_method=average)
    assert score(name, *pair, average=average) == pytest.approx(expected, abs=1e-12)


@few
@given(pair=partitions(), beta=st.floats(0.01, 100))
def test_v_measure_equals_scikit_learn_with_any_beta(pair: Pair, beta: float) -> None:
    expected = sk.v_measure_score(*pair, beta=beta)
    assert score("v-measure", *pair, beta=beta) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", sorted({*INTERNAL} - {*BY_CENTRES}))
@few
@given(pair=partitions(most=4), seed=st.integers(0, 99))
def test_internal_metrics_equal_scikit_learn(name: str, pair: Pair, seed: int) -> None:
    labels = pair[1]
    assume(2 <= len(np.unique(labels)) < len(labels))
    embedding = embed(len(labels), seed)
    value = score(name, None, labels, embedding)
    # In float32 near the origin; of scikit-learn the distance of a sample to itself is a rounding.
    expected = REFERENCE[name](embedding.astype(np.float64), labels)
    assert value == pytest.approx(expected, rel=1e-6, abs=3e-7)
    assert INFO[name].low <= value <= INFO[name].high


@some
@given(pair=partitions(most=3, size=12))
def test_accuracy_and_purity_equal_brute_force(pair: Pair) -> None:
    assert score("accuracy", *pair) == pytest.approx(brute_accuracy(*pair), abs=1e-12)
    assert score("purity", *pair) == pytest.approx(brute_purity(*pair), abs=1e-12)


@pytest.mark.parametrize("seed", range(200))
def test_scores_above_chance_equal_genieclust(seed: int) -> None:
    """With empty groups added, since genieclust refuses unequal numbers of classes and clusters."""
    reference = pytest.importorskip("genieclust.compare_partitions")
    rng = np.random.default_rng(seed)
    k, clusters = rng.integers(2, 9, 2)
    clusters = k if seed % 2 else clusters
    weights = rng.dirichlet(np.ones(k)), rng.dirichlet(np.ones(clusters))
    truth, labels = (np.r_[np.arange(len(p)), rng.choice(len(p), 60 - len(p), p=p)] for p in weights)
    labels = np.where(rng.random(60) < rng.random(), truth % clusters, labels)
    counts = sk.cluster.contingency_matrix(truth, labels)
    longer = max(counts.shape)
    square = np.zeros((longer, longer), dtype=np.int64)
    square[:k, : counts.shape[1]] = counts
    mean_share = reference.normalized_clustering_accuracy(square) * (longer - 1) / (k - 1)
    assert score("nca", truth, labels) == score("aaa", truth, labels) == pytest.approx(mean_share)
    assert score("npa", truth, labels) == pytest.approx(reference.normalized_pivoted_accuracy(square))
    assert score("psi", truth, labels) == pytest.approx(reference.pair_sets_index(square), abs=1e-12)


@pytest.mark.parametrize("clusters", [1, 2, 6])
@few
@given(data=st.data())
def test_accuracy_equals_brute_force_when_rectangular(clusters: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(8, 20))
    truth = np.array([*range(4), *data.draw(st.lists(st.integers(0, 3), min_size=n - 4, max_size=n - 4))])
    rest = data.draw(st.lists(st.integers(0, clusters - 1), min_size=n - clusters, max_size=n - clusters))
    labels = np.array([*range(clusters), *rest])
    assert score("accuracy", truth, labels) == pytest.approx(brute_accuracy(truth, labels), abs=1e-12)


@pytest.mark.parametrize("name", NAMES)
@few
@given(pair=partitions(most=5), seed=st.integers(0, 99))
def test_names_of_labels_do_not_matter(name: str, pair: Pair, seed: int) -> None:
    truth, labels = pair
    assume(name not in INTERNAL or 2 <= len(np.unique(labels)) < len(labels))
    assume(name not in ABOVE_CHANCE or len(np.unique(truth)) > 1)
    rng, embedding = np.random.default_rng(seed), embed(len(truth), seed)
    clusters, where = np.unique(labels, return_inverse=True)
    names = np.where(clusters < 0, -1, rng.permutation(len(clusters)) * 5)
    renamed = names[where]
    expected = score(name, truth, labels, embedding)
    assert score(name, rng.permutation(6)[truth], renamed, embedding) == pytest.approx(expected)


@pytest.mark.parametrize("name", [*EXTERNAL, "coverage", "n-clusters"])
@some
@given(pair=partitions())
def test_values_lie_in_the_declared_range(name: str, pair: Pair) -> None:
    assume(name not in ABOVE_CHANCE or len(np.unique(pair[0])) > 1)
    assert INFO[name].low <= score(name, *pair) <= INFO[name].high


@pytest.mark.parametrize("name", EXTERNAL)
@few
@given(pair=partitions(most=5))
def test_equal_partitions_are_best(name: str, pair: Pair) -> None:
    truth = np.repeat(pair[0], 2)
    assume(name not in ABOVE_CHANCE or len(np.unique(truth)) > 1)
    assert score(name, truth, 100 - 3 * truth) == pytest.approx(1)


@pytest.mark.parametrize("name", SYMMETRIC)
@few
@given(pair=partitions(low=0))
def test_symmetric_metrics_are_symmetric(name: str, pair: Pair) -> None:
    truth, labels = pair
    assume(name not in ABOVE_CHANCE or len(np.unique(truth)) + len(np.unique(labels)) > 2)
    assert score(name, truth, labels) == pytest.approx(score(name, labels, truth), abs=1e-12)


@few
@given(pair=partitions(low=0))
def test_homogeneity_and_completeness_mirror_each_other(pair: Pair) -> None:
    truth, labels = pair
    mirrored = score("completeness", labels, truth)
    assert score("homogeneity", truth, labels) == pytest.approx(mirrored, abs=1e-12)


@pytest.mark.parametrize("name", MATCHED)
@few
@given(pair=partitions())
def test_purity_and_accuracy_are_at_most_coverage(name: str, pair: Pair) -> None:
    assert score("accuracy", *pair) <= score("purity", *pair)
    assert score(name, *pair) <= score("coverage", *pair)
