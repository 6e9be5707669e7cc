"""Variants for large data give what the plugins give in memory, and take no more of it for more rows."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

import harness
from harness.core import mapped_rows
from harness.core.mapped_rows import MappedRows
from harness.core.plugin import Plugin
from harness.data import read
from harness.execution.machine import forget_peak, peak
from harness.plugins._frame import Frame
from harness.plugins._frame_in_batches import frame_in_batches
from harness.plugins.clusterers.minibatch_kmeans_in_batches import MiniBatchKMeansInBatches
from harness.plugins.encoders.pca_in_batches import PCAInBatches
from harness.plugins.metrics._dispersion import Dispersion
from harness.registry.large_data import _VARIANTS, for_large, in_batches
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry
from harness.store.arrays import Arrays

RNG = np.random.default_rng(0)
RAW = np.clip(
    RNG.integers(30, 200, size=(4, 12))[np.arange(600) % 4] + RNG.integers(-20, 20, size=(600, 12)), 0, 255
).astype(np.uint8)
PIXELS = (RAW / np.float32(255)).astype(np.float32)
SAMPLES = {
    "pixels": MappedRows(RAW, np.float32, 255),
    "far": (PIXELS.astype(np.float64) + 1e6) * 1e-3,
    "tiny": PIXELS * np.float32(1e-25),
    "huge": PIXELS.astype(np.float64) * 1e200,
}


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch, request: Any) -> None:
    if "flat" not in request.node.name:
        monkeypatch.setattr(mapped_rows, "BATCH", 2000)


def both(kind: Any, name: str) -> tuple[Any, Any]:
    """Return a plugin's class or function, and that of its variant."""
    plugin = load_registry().find(kind, name)
    return load_plugin(plugin), load_plugin(for_large(plugin))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_frame_is_that_of_the_rows_in_memory(name: str) -> None:
    frame, other = Frame.of(np.asarray(SAMPLES[name])), frame_in_batches(SAMPLES[name])
    assert frame.unit == other.unit
    for field in ("origin", "variances", "widths"):
        assert np.allclose(getattr(frame, field), getattr(other, field), rtol=1e-5, atol=0)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize(
    ("encoder", "params"),
    [
        *(("identity", {}), ("minmax", {}), ("standardize", {}), ("pca", {"n_components": 3})),
        *(("pca", {"n_components": 0.9}), ("pca", {"whiten": True, "n_components": 2})),
        *(("incremental-pca", {"n_components": 3}), ("dask-pca", {"n_components": 3})),
    ],
)
def test_encoders_give_the_same_embedding(encoder: str, params: dict[str, Any], name: str) -> None:
    plain, variant = both("encoder", encoder)
    expected = plain(**params).fit_transform(np.asarray(SAMPLES[name]))
    found = np.asarray(variant(**params).fit(SAMPLES[name]).transform(SAMPLES[name]))
    assert found.dtype == expected.dtype
    assert np.allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("metric", ["calinski-harabasz", "davies-bouldin", "coverage", "n-clusters"])
def test_metrics_give_the_same_score(metric: str, name: str) -> None:
    plain, variant = both("metric", metric)
    assert plain.info == variant.info
    labels = np.arange(600) % 4 - 1
    expected = plain(None, labels, np.asarray(SAMPLES[name]))
    assert variant(None, labels, SAMPLES[name]) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("name", SAMPLES)
def test_birch_finds_the_same_clusters(name: str) -> None:
    plain, variant = both("clusterer", "birch")
    expected = plain(n_clusters=4).fit(np.asarray(SAMPLES[name]))
    found = variant(n_clusters=4).fit(SAMPLES[name])
    assert adjusted_rand_score(expected.labels_, found.labels_) == 1
    assert np.array_equal(found.predict(SAMPLES[name]), found.labels_)


@pytest.mark.parametrize("name", SAMPLES)
def test_mini_batches_find_the_same_clusters(name: str) -> None:
    # Both draw rows, not the same ones: their centres lie beside the means, as far as batches tell.
    X = np.asarray(SAMPLES[name])
    classes = [X[start::4].astype(np.float64) for start in range(4)]
    with np.errstate(over="ignore"):
        least = sum(float(np.square(each - each.mean(axis=0)).sum()) for each in classes)
    for each, given in zip(both("clusterer", "minibatch-kmeans"), (X, SAMPLES[name]), strict=True):
        model = each(n_clusters=4, random_state=0).fit(given)
        assert adjusted_rand_score(np.arange(600) % 4, model.labels_) == 1
        assert np.array_equal(model.predict(given), model.labels_)
        assert least * (1 - 1e-5) <= model.inertia_ <= 1.01 * least


def test_mini_batches_repeat_by_their_seed() -> None:
    fits = [MiniBatchKMeansInBatches(6, random_state=seed, n_init=2).fit(PIXELS) for seed in (1, 1, 2)]
    assert np.array_equal(fits[0].labels_, fits[1].labels_)
    assert not np.array_equal(fits[0].labels_, fits[2].labels_)


def test_every_variant_has_the_parameters_of_its_plugin() -> None:
    for kind, name in _VARIANTS:
        plain, variant = both(kind, name)
        assert in_batches(for_large(load_registry().find(kind, name)))
        if kind != "metric":
            assert plain().get_params() == variant().get_params(), name


def test_other_plugins_get_arrays() -> None:
    assert not in_batches(load_registry().find("clusterer", "kmeans"))
    foreign = Plugin("encoder", "pca", "sklearn.decomposition:PCA", "import path")
    assert for_large(foreign) == foreign


def fitted(X: Any) -> None:
    # Few rows at a time, as the system maps 64 KiB around each.
    MiniBatchKMeansInBatches(3, random_state=0, batch_size=16, max_no_improvement=3).fit(X)


def stored(X: Any) -> None:
    Arrays(Path(X.raw.base.filename).parent / "arrays").put(X.raw)


WORK: dict[str, Callable[[Any], object]] = {
    "mini-batches": fitted,
    "components": lambda X: PCAInBatches(2).fit(X).transform(X),
    "metrics": lambda X: Dispersion.of(X, np.arange(len(X)) % 3),
    "store": stored,
}


def grown(work: Callable[[Any], object], n: int, folder: Path) -> int:
    """Return by how many bytes reading n rows of 256 bytes, and work on them, raises the peak."""
    path = folder / f"{n}.npy"
    np.save(path, np.tile(RNG.integers(256, size=(1000, 16, 16), dtype=np.uint8), (n // 1000, 1, 1)))
    forget_peak()
    before = peak()
    data = read(path)
    _ = data.digest
    work(data.samples)
    return peak() - before


def both_grown(name: str, folder: Path) -> list[int]:
    """Return the growth with 20,000 and with 80,000 rows, 20 and 80 MB as floats."""
    mapped_rows.LARGE = mapped_rows.BATCH = 2**20
    grown(WORK[name], 2000, folder)  # what is loaded once
    return [grown(WORK[name], n, folder) for n in (20_000, 80_000)]


@pytest.mark.parametrize("name", WORK)
def test_memory_is_flat(name: str, tmp_path: Path) -> None:
    """In a process of its own: what others have freed would hide what is needed."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        few, many = alone.submit(both_grown, name, tmp_path).result()
    assert many < few + 12 * 2**20, "memory grows with the rows"
    assert many < 25 * 2**20


def test_a_run_maps_the_file_and_keeps_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_rows, "LARGE", 1000)
    np.save(tmp_path / "rows.npy", RAW.reshape(600, 3, 4))
    result = harness.bench(
        tmp_path / "rows.npy",
        encoders=["identity", "pca(n_components=3)"],
        clusterers=["minibatch-kmeans", "kmeans"],
        metrics=["calinski-harabasz", "n-clusters"],
        n_clusters=4,
        seeds=1,
        store=tmp_path / "store",
        jobs=1,
        progress=False,
    )
    assert result.to_pandas()["status"].tolist() == ["ok"] * 4
    files = [np.load(file, mmap_mode="r") for file in (tmp_path / "store").glob("arrays/*/*.npy")]
    assert [file.dtype for file in files if file.shape == (600, 12)] == [np.uint8]
    assert any("kmeans needs all its rows in memory" in note for note in result.notes)
