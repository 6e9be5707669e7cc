"""Estimators that a program gives: their seeds, their K, and names of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import harness
from harness import Dataset, Result

Bench = Callable[..., Result]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return partial(harness.bench, seeds=3, jobs=0, store=tmp_path / "store", progress=False)


def told(result: Result) -> dict[str, tuple[str, int, list[str]]]:
    return {row.clusterer: (row.k, row.runs, row.seeding) for row in result.boards[0].rows}


def test_a_pipeline_has_a_run_for_each_seed_and_the_same_in_every_store(
    bench: Bench, toy: Dataset, tmp_path: Path
) -> None:
    def made() -> dict[str, Any]:
        scaled = make_pipeline(StandardScaler(), KMeans(4, n_init=1))
        return {"scaled": scaled, "fixed": KMeans(random_state=42), "free": "kmeans"}

    found = [bench(toy, "identity", made(), "ari", store=tmp_path / name) for name in ("one", "other")]
    assert told(found[0]) == {
        "scaled": ("4 given", 3, []),
        "fixed": ("3 given", 1, ["written seed"]),
        "free": ("3 given", 3, []),
    }
    first, second = (each.to_pandas().ari.tolist() for each in found)
    assert first == second
    name = next(each for each in found[0].boards[0].parameters if "Pipeline" in each and "K 4" in each)
    text = found[0].boards[0].parameters[name]
    assert "kmeans__random_state=<seed>" in text
    assert "StandardScaler(...)" in text
    assert "no seed" not in str(found[0])


def test_k_of_a_pipeline_is_set_where_it_was_not_written(bench: Bench, toy: Dataset) -> None:
    result = bench(toy, "identity", {"scaled": make_pipeline(StandardScaler(), KMeans())}, "ari", seeds=1)
    assert told(result)["scaled"][0] == "3 given"
    assert result.to_pandas()["n_clusters"].tolist() == [3]


def test_a_user_s_own_name_wins_with_a_note(bench: Bench, toy: Dataset) -> None:
    result = bench(toy, {"pca": PCA(2)}, {"kmeans": KMeans(n_init=5)}, "ari", seeds=1)
    assert [(row.encoder, row.clusterer) for row in result.boards[0].rows] == [("pca", "kmeans")]
    assert result.boards[0].parameters["kmeans"] == "sklearn.cluster:KMeans(n_init=5)"
    assert any("'kmeans' means sklearn.cluster:KMeans(n_init=5) here" in n for n in result.notes)
    assert any("'pca' means sklearn.decomposition:PCA(n_components=2)" in n for n in result.notes)
