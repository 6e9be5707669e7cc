"""Where rows lie in a file: what another process reads there is what the samples hold."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

from harness import FileRows
from harness.core import mapped_rows
from harness.core.mapped_rows import MappedRows, distinct, new_rows

RAW = np.random.default_rng(0).integers(256, size=(50, 6), dtype=np.uint8)


@pytest.fixture
def mapped(tmp_path: Path) -> np.memmap:
    np.save(tmp_path / "rows.npy", RAW)
    found: np.memmap = np.load(tmp_path / "rows.npy", mmap_mode="r")
    return found


@pytest.mark.parametrize("part", [slice(None), slice(7, 40)])
def test_rows_are_those_of_the_samples(mapped: np.memmap, part: slice) -> None:
    for samples in (MappedRows(mapped, np.float32, 255)[part], MappedRows(mapped[part][2:], np.float64)):
        found = pickle.loads(pickle.dumps(FileRows.of(samples)))
        assert found.shape == samples.shape
        assert np.array_equal(found.read(3, 9), samples[[3, 4, 5, 6, 7, 8]])
        assert found.read(3, 9).dtype == samples.dtype


def test_images_and_big_endian_numbers(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", RAW.reshape(50, 2, 3).astype(">f4"))
    rows = np.load(tmp_path / "a.npy", mmap_mode="r").reshape(50, 6)
    found = FileRows.of(MappedRows(rows, np.float32)[5:])
    assert found is not None
    assert np.array_equal(found.read(0, 45), RAW[5:])


def test_other_samples_lie_in_no_file(mapped: np.memmap, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FileRows.of(RAW) is None
    assert FileRows.of(mapped[:, 1:]) is None
    assert FileRows.of(mapped[::2]) is None
    monkeypatch.setattr(mapped_rows, "LARGE", 10)
    assert FileRows.of(new_rows((5, 6), np.float32)) is None, "a temporary file has no name"


def test_distinct_labels_are_found_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped_rows, "BATCH", 80)
    labels = np.random.default_rng(1).integers(-1, 30, size=500)
    assert np.array_equal(distinct(labels), np.unique(labels))
