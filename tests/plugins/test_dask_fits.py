"""Fits by Dask's tasks: chunks that depend on nothing but the fit, and errors that name a worker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from harness import BadParameter, FileRows, HarnessError, Unavailable
from harness.core import mapped_rows
from harness.core.mapped_rows import MappedRows, is_mapped
from harness.core.progress import listening
from harness.execution.compute import _labels
from harness.plugins import _dask_rows
from harness.plugins.clusterers import dask_kmeans
from harness.plugins.clusterers.dask_kmeans import DaskKMeans
from harness.plugins.clusterers.kmeans import KMeans
from harness.plugins.encoders import dask_pca
from harness.plugins.encoders.dask_pca import DaskPCA
from harness.plugins.encoders.pca import PCA

RNG = np.random.default_rng(0)
CLASSES = RNG.integers(5, size=2000)
RAW = (40 * CLASSES[:, None] + RNG.integers(20, size=(2000, 3))).astype(np.uint8)
ROWS = RAW.astype(np.float32)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_kmeans, "VALUES", 2**12)


INITS = pytest.mark.parametrize("init", ["sample", "k-means||"])


@INITS
def test_it_finds_what_kmeans_finds(init: Any) -> None:
    found = DaskKMeans(5, init=init, sample=500, random_state=0).fit(ROWS)
    expected = KMeans(5, n_init=5, random_state=0).fit(ROWS)
    assert adjusted_rand_score(CLASSES, found.labels_) == 1
    assert found.inertia_ == pytest.approx(expected.inertia_, rel=1e-4)
    assert np.allclose(np.sort(found.cluster_centers_, 0), np.sort(expected.cluster_centers_, 0), rtol=1e-4)
    assert np.array_equal(found.predict(ROWS), found.labels_)
    assert found.labels_.dtype == np.uint8


@INITS
def test_rows_in_a_file_give_the_same_labels_on_any_number_of_threads(init: Any, tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", RAW)
    mapped = MappedRows(np.load(tmp_path / "rows.npy", mmap_mode="r"), np.float32)
    first = DaskKMeans(8, init=init, sample=300, random_state=3).fit(ROWS)
    for samples, threads in ((mapped, 1), (mapped, 3), (ROWS, 2)):
        again = DaskKMeans(8, init=init, sample=300, random_state=3, n_jobs=threads).fit(samples)
        assert np.array_equal(again.labels_, first.labels_)
        assert again.inertia_ == first.inertia_


@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_dask_pca_is_pca(offset: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_pca, "VALUES", 900)
    samples = RAW + offset
    np.save(tmp_path / "rows.npy", samples)
    mapped, expected = np.load(tmp_path / "rows.npy", mmap_mode="r"), PCA(2).fit_transform(samples)
    first = DaskPCA(2, n_jobs=3).fit(mapped).transform(mapped)
    assert np.allclose(first, expected, atol=1e-5 * np.abs(expected).max())
    assert np.array_equal(first, DaskPCA(2).fit(samples).transform(samples))


def test_seeds_count() -> None:
    labels = [DaskKMeans(9, sample=300, random_state=seed).fit(ROWS).labels_ for seed in (1, 2)]
    assert not np.array_equal(*labels)


def test_it_tells_each_step() -> None:
    told: list[tuple[int, int, str]] = []
    with listening(lambda *report: told.append(report)):
        model = DaskKMeans(5, init="k-means||", random_state=0).fit(ROWS)
    assert [done for done, total, _ in told if not total] == [*range(1, 5 + model.n_iter_ + 1)]
    assert told[-1] == (2000, 2000, "labels")


def test_many_labels_are_kept_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_rows, "LARGE", 1000)
    monkeypatch.setattr(mapped_rows, "BATCH", 800)
    kept = _labels(CLASSES.astype(np.uint8), 2000)
    assert is_mapped(kept)
    assert kept.dtype == np.int64
    assert np.array_equal(kept, CLASSES)
    with pytest.raises(HarnessError, match="from 0, got -2"):
        _labels(CLASSES - 2, 2000)


def test_other_starts_are_refused() -> None:
    with pytest.raises(BadParameter, match=r"init must be 'sample' or 'k-means\|\|', got 'random'"):
        DaskKMeans(5, init="random").fit(ROWS)  # type: ignore[arg-type]


class Client:
    """A cluster of one worker with its own answers."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def run(self, function: Callable[..., Any], *args: Any) -> dict[str, Any]:
        return {"tcp://there:1": self.answers.get(function.__name__, function(*args))}


def test_workers_with_other_versions_or_without_the_file_are_named(tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", ROWS)
    source = FileRows.of(np.load(tmp_path / "rows.npy", mmap_mode="r"))
    _dask_rows._check(Client(), source)
    _dask_rows._check(Client(_size=-1), None)
    with pytest.raises(HarnessError, match=r"tcp://there:1 cannot read .*rows\.npy.* --arrays"):
        _dask_rows._check(Client(_size=-1), source)
    with pytest.raises(Unavailable, match=r"tcp://there:1 has numpy 1\.0; this fit needs .*dask-ml"):
        _dask_rows._check(Client(_versions={"numpy": "1.0"}), source)
