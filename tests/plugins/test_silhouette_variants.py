"""Silhouettes by centroids and medoids against their formulas; estimates that converge to the exact value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from harness import BadParameter, Estimate, NotApplicable
from harness.core.progress import listening
from harness.plugins import _distances
from harness.plugins._sampled_silhouettes import estimated_silhouettes
from harness.plugins._silhouettes import mean_silhouettes
from harness.plugins.metrics.medoid_silhouette import medoid_silhouette
from harness.plugins.metrics.silhouette import silhouette
from harness.plugins.metrics.silhouette_estimate import silhouette_estimate, together
from harness.plugins.metrics.simplified_silhouette import simplified_silhouette

RNG = np.random.default_rng(0)
LABELS = RNG.integers(4, size=1500)
X = (RNG.normal(size=(4, 6))[LABELS] + RNG.normal(size=(1500, 6))).astype(np.float32)
ODD = {
    "usual": (X, LABELS),
    "noise": (X, LABELS - 1),
    "float64, far off centre": (X.astype(np.float64) + 1e6, LABELS),
    "numbers of clusters with gaps": (X, LABELS * 7),
    "clusters of one and two": (X[:300], np.where(np.arange(300) < 3, [1, 2, 2, *[0] * 297], 0)),
    "one feature": (X[:, :1], LABELS),
    "duplicates": (np.repeat(X[:50], 6, axis=0), np.repeat(LABELS[:50], 6)),
}


def by_hand(X: Any, labels: Any, centre: Any, alone: float) -> float:
    """The definition, one sample at a time, in double precision; `alone` is the value of a cluster of one."""
    X = X.astype(np.float64)
    centres = {k: centre(X[labels == k]) for k in np.unique(labels)}
    values = []
    for x, k in zip(X, labels, strict=True):
        a = np.linalg.norm(x - centres[k])
        b = min(np.linalg.norm(x - c) for other, c in centres.items() if other != k)
        value = (b - a) / max(a, b) if max(a, b) > 0 else 0.0
        values.append(alone if (labels == k).sum() == 1 else value)
    return float(np.mean(values))


def medoid(members: Any) -> Any:
    return members[cdist(members, members).sum(axis=1).argmin()]


@pytest.mark.parametrize("what", ODD)
def test_simplified_equals_the_formula(what: str) -> None:
    samples, labels = ODD[what]
    expected = by_hand(samples, labels, lambda members: members.mean(axis=0), alone=0.0)
    assert simplified_silhouette(None, labels, samples) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("what", ODD)
def test_medoid_equals_the_formula(what: str) -> None:
    samples, labels = ODD[what]
    found = medoid_silhouette(None, labels, samples)
    if what == "clusters of one and two":  # of two, either is the medoid: the first by its coordinates
        pair = samples[labels == 2]
        first = pair[np.lexsort(pair.T[::-1])[0]]
        expected = by_hand(samples, labels, lambda m: first if len(m) == 2 else medoid(m), alone=1.0)
    else:
        expected = by_hand(samples, labels, medoid, alone=1.0)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("metric", [simplified_silhouette, medoid_silhouette, silhouette_estimate])
def test_neither_order_nor_numbers_of_clusters_matter(metric: Any) -> None:
    if metric is silhouette_estimate:  # which rows are drawn depends on their order
        assert metric(None, LABELS, X, sample=300) == metric(None, 3 - LABELS, X, sample=300)
        return
    order = RNG.permutation(1500)
    found = metric(None, 3 - LABELS[order], X[order])
    assert found == pytest.approx(metric(None, LABELS, X), abs=1e-9)


@pytest.mark.parametrize("metric", [simplified_silhouette, medoid_silhouette, silhouette_estimate])
def test_one_cluster_has_none(metric: Any) -> None:
    with pytest.raises(NotApplicable):
        metric(None, np.zeros(1500, int), X)


def test_each_sampled_silhouette_is_exact() -> None:
    """The estimate is the mean of exact silhouettes of the drawn rows, with its textbook standard error."""
    found = silhouette_estimate(None, LABELS, X, sample=200, random_state=5)
    drawn = np.random.default_rng(5).choice(1500, 200, replace=False)
    D = cdist(X.astype(np.float64), X.astype(np.float64))
    values = []
    for row in drawn:
        means = {k: D[row, k == LABELS].mean() for k in range(4) if k != LABELS[row]}
        own = LABELS[row] == LABELS
        a, b = D[row, own].sum() / (own.sum() - 1), min(means.values())
        values.append((b - a) / max(a, b))
    assert found == pytest.approx(np.mean(values), abs=1e-6)
    error = np.std(values, ddof=1) / np.sqrt(200) * np.sqrt(1 - 200 / 1500)
    assert found.standard_error == pytest.approx(error, abs=1e-7)


def test_estimates_converge_to_the_exact_value() -> None:
    """By simulation: unbiased, off by as much as the standard error says, which falls to 0 at n rows."""
    (exact,) = mean_silhouettes(X, [LABELS])
    assert exact is not None
    errors = []
    for sample in (50, 200, 800):
        found = [silhouette_estimate(None, LABELS, X, sample=sample, random_state=s) for s in range(60)]
        told = np.array([each.standard_error for each in found])
        scores = (np.array(found) - exact) / told
        assert abs(scores.mean()) < 4 / np.sqrt(60), "biased"
        assert 0.75 < scores.std() < 1.3, "the standard error is not that of the estimates"
        errors.append(told.mean())
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.15)  # as 1 / sqrt(sample)
    whole = silhouette_estimate(None, LABELS, X, sample=1500)
    assert (whole, whole.standard_error) == (silhouette(None, LABELS, X), 0.0)


@pytest.mark.parametrize("threads", [1, 3])
def test_the_same_bits_alone_and_together(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.plugins._sampled_silhouettes.n_threads", lambda: threads)
    labelings = [RNG.integers(k, size=1500) for k in (2, 9)] + [np.zeros(1500, int), LABELS]
    shared = together(X, labelings, sample=700)
    monkeypatch.undo()
    alone = silhouette_estimate(None, LABELS, X, sample=700)
    assert isinstance(shared[3], Estimate)
    assert (shared[3], shared[3].standard_error) == (alone, alone.standard_error)
    assert shared[2] is None


def test_labelings_of_few_clusters_and_of_all() -> None:
    assert estimated_silhouettes(X, [np.zeros(1500, int), np.arange(1500)], 100, 0) == [None, None]


@pytest.mark.parametrize("sample", [1, 0, True, 2.5, "many"])
def test_a_wrong_sample_is_an_error(sample: Any) -> None:
    with pytest.raises(BadParameter, match="sample must be a number of rows, at least 2"):
        silhouette_estimate(None, LABELS, X, sample=sample)


@pytest.mark.parametrize("widest", [2**28, 0])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_long_silhouette_reports_its_progress(
    widest: int, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Up to the last row, with both ways to keep sums; of the estimate too."""
    monkeypatch.setattr(_distances, "WIDEST", widest)
    monkeypatch.setattr(_distances, "EVERY", 1e-3)
    monkeypatch.setattr("harness.plugins._silhouettes.n_threads", lambda: threads)
    many = np.repeat(X, 4, axis=0)
    told: list[tuple[int, int, str]] = []
    with listening(lambda *report: told.append(report)):
        (value,) = mean_silhouettes(many, [np.repeat(LABELS, 4)])
        assert len(told) > 2
        assert {(total, note) for _, total, note in told} == {(6000, "rows")}
        steps = [done for done, _, _ in told]
        assert steps == sorted(steps)
        assert 0 <= steps[0] < steps[-1] <= 6000
        told.clear()
        silhouette_estimate(None, LABELS, X, sample=1200)
    assert told[-1] == (1200, 1200, "rows of the sample")
    assert value == pytest.approx(silhouette(None, np.repeat(LABELS, 4), many), abs=1e-7)
