"""Large files are mapped: their values, digest and notes are those of the same file read into memory."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import DataError
from harness.core import mapped_rows
from harness.core.mapped_rows import MappedRows, is_mapped
from harness.data import read
from harness.data.inspection import inspect

RNG = np.random.default_rng(0)
ARRAYS = {
    "byte images": RNG.integers(256, size=(60, 4, 5), dtype=np.uint8),
    "masks": RNG.integers(2, size=(60, 4, 5), dtype=np.uint8),
    "bytes": RNG.integers(256, size=(60, 20), dtype=np.uint8),
    "booleans": RNG.integers(2, size=(60, 20)).astype(bool),
    "float16": RNG.normal(size=(60, 20)).astype(np.float16),
    "float32": RNG.normal(size=(60, 20)).astype(np.float32),
    "big-endian": RNG.normal(size=(60, 20)).astype(">f4"),
    "decimals": RNG.integers(99, size=(60, 20)) / 10,
    "float64": 1e9 + RNG.integers(3, size=(60, 20)),
    "whole numbers": RNG.integers(2**40, size=(60, 20)),
    "float images": RNG.integers(256, size=(60, 4, 5)).astype(np.float64),
    "marked": np.where(RNG.random((60, 20)) < 0.1, -999, RNG.integers(9, size=(60, 20))).astype(np.int16),
}


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let 1,000 bytes as floats be large, and batches be a few rows."""
    monkeypatch.setattr(mapped_rows, "LARGE", 1000)
    monkeypatch.setattr(mapped_rows, "BATCH", 500)


@pytest.mark.parametrize("name", ARRAYS)
def test_mapped_values_are_those_of_the_file_in_memory(name: str, tmp_path: Path, request: Any) -> None:
    path = tmp_path / "a.npy"
    np.save(path, ARRAYS[name])
    small = read(path)
    request.getfixturevalue("large")
    data = read(path)
    raw = data.samples.raw if isinstance(data.samples, MappedRows) else data.samples
    assert is_mapped(raw)
    assert not is_mapped(small.samples)
    assert raw.dtype == ARRAYS[name].dtype  # as on disk
    assert data.samples.dtype == small.samples.dtype
    assert np.array_equal(np.asarray(data.samples), small.samples)
    assert np.array_equal(np.asarray(data.samples[7:9]), small.samples[7:9])
    assert data.digest == small.digest
    assert (data.scaling, data.image_shape) == (small.scaling, small.image_shape)
    assert set(data.notes) - set(small.notes) == {
        f"rows stay in the file as {raw.dtype} and are read in batches"
    }
    assert set(small.notes) <= set(data.notes)


def test_idx_images_are_mapped_with_their_labels(tmp_path: Path, large: None) -> None:
    images, labels = ARRAYS["byte images"], RNG.integers(3, size=60, dtype=np.uint8)
    head = struct.pack(">2xBB3I", 8, 3, *images.shape)
    (tmp_path / "a-images-idx3-ubyte").write_bytes(head + images.tobytes())
    (tmp_path / "a-labels-idx1-ubyte").write_bytes(struct.pack(">2xBBI", 8, 1, 60) + labels.tobytes())
    data = read(tmp_path / "a-images-idx3-ubyte")
    assert isinstance(data.samples, MappedRows)
    assert np.array_equal(data.samples[[0, 59]], images.reshape(60, -1)[[0, 59]] / np.float32(255))
    assert np.array_equal(data.truth, labels)


def test_a_column_order_array_is_read(tmp_path: Path, large: None) -> None:
    np.save(tmp_path / "a.npy", np.asfortranarray(ARRAYS["float32"]))
    data = read(tmp_path / "a.npy")
    assert not is_mapped(data.samples)
    assert np.array_equal(data.samples, ARRAYS["float32"])


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_mapped_values_must_be_finite(value: float, tmp_path: Path, large: None) -> None:
    rows = ARRAYS["float32"].copy()
    rows[-1, 3] = value
    np.save(tmp_path / "a.npy", rows)
    with pytest.raises(DataError, match=r"missing|finite"):
        read(tmp_path / "a.npy")


def test_a_truncated_file_is_refused(tmp_path: Path, large: None) -> None:
    path = tmp_path / "a.npy"
    np.save(path, ARRAYS["float32"])
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(DataError, match="truncated or damaged"):
        read(path)


@pytest.mark.parametrize("name", ["byte images", "bytes", "float32"])
def test_a_mapped_file_is_described_as_in_memory(name: str, tmp_path: Path, request: Any) -> None:
    np.save(tmp_path / "a.npy", ARRAYS[name])
    small = inspect(lambda: read(tmp_path / "a.npy"))
    request.getfixturevalue("large")
    assert inspect(lambda: read(tmp_path / "a.npy")).columns == small.columns
