"""Sound plugins pass each check, and for each check there is a plugin that fails it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import bad
import numpy as np
import pytest
from sklearn.cluster import DBSCAN, KMeans
from sklearn.metrics import calinski_harabasz_score, rand_score

from harness import HarnessError, conformance
from harness.core.plugin import KINDS

SOUND = {"encoder": bad.Projection, "clusterer": bad.Parts, "metric": bad.good, "dataset": bad.toy}
BAD = [
    ("encoder", "skips-have-reasons", bad.UnknownSkip, "'repeat'.*Did you mean 'repeats'"),
    ("encoder", "skips-have-reasons", bad.SilentSkip, "no reason for 'repeats'"),
    ("encoder", "skips-have-reasons", bad.SkipsSkips, "which cannot be skipped for encoders"),
    (
        "encoder",
        "stores-parameters",
        bad.Changes,
        "'width' was given as 3 and is stored as 3, another object",
    ),
    ("encoder", "clones", bad.NoClone, "sklearn.base.clone fails"),
    ("encoder", "clones", bad.KeepsFit, "clone of a fitted one has directions_"),
    ("encoder", "keeps-parameters", bad.ChangesInFit, "changes the parameter 'width' from 3 to 2"),
    ("encoder", "fits-without-labels", bad.NoFit, "it has no fit"),
    ("encoder", "fits-without-labels", bad.WantsLabels, "missing 1 required positional argument: 'y'"),
    ("encoder", "leaves-input-alone", bad.Writes, "changed its input samples"),
    ("encoder", "leaves-input-alone", bad.WritesAlways, "read-only"),
    ("encoder", "leaves-input-alone", bad.WritesDouble, r"changed its input samples \(float64, C order\)"),
    ("encoder", "takes-every-layout", bad.OnlySingle, "expected float32"),
    ("encoder", "repeats", bad.GlobalRandom, "two fits with random_state=0 differ by up to"),
    ("encoder", "repeats", bad.PythonRandom, "two fits with random_state=0 differ by up to"),
    ("encoder", "leaves-global-random-state", bad.SeedsGlobally, r"seeds numpy\.random, or draws"),
    ("encoder", "leaves-global-random-state", bad.DrawsALittle, "seeds random, or draws"),
    ("encoder", "leaves-global-random-state", bad.DrawsInTransform, "seeds random, or draws"),
    ("encoder", "single-feature", bad.TakesTwoFeatures, "with one feature it raised IndexError"),
    ("encoder", "constant-features", bad.Standardised, "values that are nan or infinite"),
    ("encoder", "duplicate-rows", bad.NeedsVariety, "each 30 times it raised ZeroDivisionError"),
    ("encoder", "few-samples", bad.NeedsMany, "with 5 samples it raised IndexError"),
    ("encoder", "few-samples", bad.Silent, "raised ValueError without a message"),
    ("encoder", "pickles", bad.Lambda, "when it is fitted it cannot be pickled"),
    ("encoder", "pickles", bad.OnTheClass, "in another process it cannot be used"),
    ("encoder", "embeds", bad.Flat, r"the embedding of 90 samples has shape \(90,\)"),
    ("encoder", "transforms-unseen", bad.OtherWidth, "in 3 dimensions, but new rows in 2"),
    ("encoder", "fit-transform-agrees", bad.OtherSpace, "places the fitted rows elsewhere"),
    ("clusterer", "labels", bad.FloatLabels, "the labels have dtype float64"),
    ("clusterer", "labels", bad.FromFive, "its clusters are 5, 7, 9, not numbered from 0"),
    (
        "clusterer",
        "honours-n-clusters",
        bad.OnlyOne,
        "with n_clusters=3 it gave 1 in samples of 3 clear clusters",
    ),
    ("clusterer", "honours-n-clusters", bad.OneMore, "with n_clusters=3 it gave 4 clusters"),
    ("clusterer", "predict-agrees", bad.Shifted, "90 of the 90 fitted rows another label"),
    ("clusterer", "predicts-unseen", bad.NewLabels, "labels that no fitted row has"),
    ("metric", "declares-itself", bad.sourceless, "names no source"),
    ("metric", "declares-itself", bad.rand, "does not declare its direction"),
    ("metric", "returns-a-number", bad.undefined, "its score of an ordinary partition is nan"),
    ("metric", "within-range", bad.narrow, "the classes themselves is 1, outside of 0 to 0.9"),
    ("metric", "perfect-score", bad.imperfect, "equal partitions score 1, but the best of its range is 2"),
    ("metric", "ignores-names", bad.named, "renaming the clusters changes its score"),
    ("metric", "ignores-order", bad.ordered, "another order of the samples changes its score"),
    ("metric", "symmetric-as-declared", bad.pure, "exchanging classes and clusters changes its score"),
    ("metric", "takes-noise", bad.counted, "with some noise it raised ValueError"),
    ("metric", "repeats", bad.drawn, "scores the same labels"),
    ("dataset", "loads", bad.infinite, "values must be finite"),
    ("dataset", "declares-itself", bad.larger, "declares n_samples 40, but 30 is read"),
    ("dataset", "repeats", bad.drifting, "two readings differ in samples"),
    ("dataset", "labels", bad.gaps, "its classes are 0, 2, 4, not 0 to 2"),
    ("dataset", "licence", bad.unlicensed, "states no licence"),
]


def find(kind: str, name: str) -> conformance.Check:
    return next(check for check in conformance.checks(kind) if check.name == name)


@pytest.mark.parametrize(
    ("kind", "check"), [(kind, each) for kind in KINDS for each in conformance.checks(kind)]
)
def test_sound_plugins_pass(kind: str, check: conformance.Check) -> None:
    check(SOUND[kind])


@pytest.mark.parametrize(("kind", "name", "target", "says"), BAD)
def test_each_check_finds_its_fault(kind: str, name: str, target: Any, says: str) -> None:
    with pytest.raises((conformance.Failed, conformance.Skipped), match=says) as caught:
        find(kind, name)(target)
    assert isinstance(caught.value, conformance.Failed), "or pytest would take it for a test to be skipped"
    assert caught.value.why
    assert caught.value.how


def test_samples_without_a_class_pass() -> None:
    find("dataset", "labels")(lambda: bad.data(np.arange(30) % 3 - 1))


def test_every_check_has_a_bad_plugin() -> None:
    shown = {(kind, name) for kind, name, *_ in BAD}
    kinds = [{check.name for check in conformance.checks(kind)} for kind in ("encoder", "clusterer")]
    estimators = set.intersection(*kinds)
    for kind in KINDS:
        for check in conformance.checks(kind):
            once = check.name in ("skips-have-reasons", *(estimators if kind == "clusterer" else ()))
            elsewhere = check.name in ("imports-lightly", "honours-random-state", "ignores-unit-and-offset")
            assert elsewhere or ("encoder" if once else kind, check.name) in shown


def test_a_module_that_loads_a_framework(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jax", ModuleType("jax"))  # taken away again after the test
    monkeypatch.delitem(sys.modules, "jax")
    (tmp_path / "jax.py").write_text("")
    (tmp_path / "hasty.py").write_text("import jax\nclass Hasty: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    from hasty import Hasty  # type: ignore[import-not-found]

    with pytest.raises(conformance.Failed, match="importing hasty loads jax"):
        find("encoder", "imports-lightly")(Hasty)


def test_written_reasons_skip() -> None:
    target = type("Reasoned", (bad.OtherSpace,), {"conformance_skips": {"fit-transform-agrees": "mirrored"}})
    found = {result.check: result for result in conformance.run("encoder", target)}
    assert (found["fit-transform-agrees"].status, found["fit-transform-agrees"].what) == (
        "skipped",
        "mirrored",
    )
    with pytest.raises(conformance.Skipped, match="mirrored"):
        find("encoder", "fit-transform-agrees")(target)
    assert found["skips-have-reasons"].status == "passed"


@pytest.mark.parametrize(
    "target", [KMeans, KMeans(3, random_state=0), partial(KMeans, 3), partial(KMeans, n_init=2)]
)
def test_classes_instances_and_factories(target: Any) -> None:
    for name in ("labels", "honours-n-clusters", "repeats", "predict-agrees"):
        find("clusterer", name)(target)


def test_all_that_is_wrong_is_told_at_once() -> None:
    conformance.assert_conforms("dataset", bad.toy)
    with pytest.raises(conformance.Failed, match="licence: it states no licence") as caught:
        conformance.assert_conforms("dataset", bad.unlicensed)
    assert "How to fix it: licence: Give licence=" in str(caught.value)
    with pytest.raises(HarnessError, match=r"Unknown kind of plugin 'encodr'.* Did you mean 'encoder'"):
        conformance.checks("encodr")


@pytest.mark.parametrize(
    ("kind", "target", "culprit"),
    [
        ("encoder", bad.NoFit, "fits-without-labels"),
        ("clusterer", bad.TrueAndFalse, "labels"),
        ("metric", bad.undefined, "returns-a-number"),
        ("dataset", bad.infinite, "loads"),
    ],
)
def test_one_cause_is_told_once(kind: str, target: Any, culprit: str) -> None:
    found = conformance.run(kind, target)
    assert [result.check for result in found if result.status == "failed"] == [culprit]
    assert sum(result.what == f"needs {culprit}" for result in found) >= 4


def test_a_seed_that_changes_nothing_is_remarked() -> None:
    check = find("encoder", "honours-random-state")
    assert check(bad.Projection) == "another seed gives another result"
    assert "random_state changes nothing, even without clusters" in check(bad.OneSeed)
    assert not check(bad.SeedAtTimes), "where clusters are clear, seeds may agree"


def test_what_depends_on_unit_or_offset_is_remarked() -> None:
    check = find("clusterer", "ignores-unit-and-offset")
    assert check(KMeans) == ""
    assert "its clusters differ for the same samples in a unit" in check(partial(DBSCAN, eps=1.0))
    assert check(bad.SumOfSquares).endswith(
        "same samples a million spreads away, and a thousand spreads away in single precision"
    )
    assert "away (OverflowError: too large)" in check(bad.OnlySmall)
    metric = find("metric", "ignores-unit-and-offset")
    assert metric(calinski_harabasz_score) == ""
    assert "its score differs for the same samples in a unit" in metric(bad.spread)
    with pytest.raises(conformance.Skipped, match="does not need the embedding"):
        metric(rand_score)


@pytest.mark.parametrize(
    ("function", "declared", "remark"),
    [
        (bad.rand, None, "does not say symmetric=True"),
        (bad.rand, True, ""),
        (bad.rand, False, "says that it is not symmetric, and 20 pairs of partitions show no difference"),
        (bad.pure, None, "does not say symmetric=False"),
        (bad.pure, False, ""),
    ],
)
def test_what_a_metric_says_of_its_symmetry_is_looked_at(function: Any, declared: Any, remark: str) -> None:
    @bad.marked(**bad.SOUND, symmetric=declared)
    def marked(truth: Any, labels: Any, embedding: Any) -> float:
        return float(function(truth, labels, *(() if function is bad.rand else (embedding,))))

    said = find("metric", "symmetric-as-declared")(marked)
    assert remark in said
    assert bool(said) == bool(remark)
