"""No fit depends on the classes: with other classes on the same samples only scores that use them change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from short_fits import quick
from sklearn.datasets import load_digits

import harness
from harness import Dataset
from harness.core.record import Record
from harness.registry.loading import unavailable_reason
from harness.registry.registry import load_registry
from harness.store.store import Store

ROWS = 160
TIMES = {"seconds", "memory"}


def fitted(data: Dataset, store: Path) -> dict[str, Record]:
    """Fit every encoder and every clusterer that can run, and return the records by key."""
    options: dict[str, Any] = {"seeds": 1, "n_clusters": 10, "store": store, "progress": False}
    found = [each for each in load_registry().plugins.values() if each.name != "concat"]
    quickly = {
        kind: [str(quick(each)) for each in found if each.kind == kind and not unavailable_reason(each)]
        for kind in ("encoder", "clusterer")
    }
    harness.bench(data, quickly["encoder"], "kmeans", "ari", **options)
    harness.bench(data, "identity", quickly["clusterer"], "ari", **options)
    return {record.key: record for record in Store(store).records()}


def digits(rng: np.random.Generator | None) -> Dataset:
    """Images of digits with their classes, or with the classes shuffled."""
    samples, truth = load_digits(return_X_y=True)
    truth = truth[:ROWS].astype(np.int64)
    truth = truth if rng is None else rng.permutation(truth)
    return Dataset("digits", (samples[:ROWS] / 16).astype(np.float32), truth, image_shape=(8, 8, 1))


@pytest.mark.slow
def test_shuffled_classes_change_scores_alone(tmp_path: Path, one_process: None) -> None:
    true, shuffled = (
        fitted(digits(rng), tmp_path / name)
        for name, rng in (("true", None), ("shuffled", np.random.default_rng(0)))
    )
    fits = {key for key, record in true.items() if record.kind != "score"}
    assert fits == {key for key, record in shuffled.items() if record.kind != "score"}
    plugins = {true[key].facts["code"]["plugin"].partition(":")[2] for key in fits}
    assert {"KMeansSilhouette", "MixtureBIC", "DenseAETorch", "HDBSCAN", "SimCLR", "DEC", "SCAN"} <= plugins
    unlike = {
        f"{true[key].kind} {true[key].facts['code']['plugin']}: {what}"
        for key in fits
        for what in ("status", "arrays", "values")
        if _told(true[key], what) != _told(shuffled[key], what)
    }
    assert unlike == set()


def _told(record: Record, what: str) -> Any:
    """Return what a record says, without how long it took."""
    found = getattr(record, what)
    return _timeless(found) if what == "values" else found


def _timeless(values: Any) -> Any:
    if isinstance(values, dict):
        return {name: _timeless(each) for name, each in values.items() if name not in TIMES}
    return values


def test_scores_that_use_the_classes_do_change(tmp_path: Path) -> None:
    """Else the test above would compare a result with itself."""
    found = [
        harness.bench(data, "pca", "kmeans", ["ari", "silhouette"], seeds=1, store=tmp_path, progress=False)
        for data in (digits(None), digits(np.random.default_rng(0)))
    ]
    true, shuffled = (result.to_pandas().iloc[0] for result in found)
    assert true["silhouette"] == shuffled["silhouette"]
    assert true["ari"] > 0.3 > 0.1 > shuffled["ari"]
