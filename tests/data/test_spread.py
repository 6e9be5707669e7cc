"""Notes on features whose spread or offset asks for scaling."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import harness
from harness.data import read, spread_notes
from harness.data.raw import Raw
from harness.data.to_dataset import to_dataset

RNG = np.random.default_rng(0)
UNIT = RNG.normal(size=(200, 3))


def test_ordinary_features_and_constant_ones_need_no_note() -> None:
    assert not spread_notes(UNIT * [1, 30, 900])
    assert not spread_notes(np.full((10, 2), 0.1, dtype=np.float32))
    assert not spread_notes(np.column_stack([UNIT, np.full(200, 1e-7), np.zeros(200)]))


def test_the_widest_and_the_narrowest_are_named() -> None:
    (note,) = spread_notes(UNIT * [1, 2e4, 3e5], ("age", "income", "balance"))
    ratio = UNIT[:, 2].std() * 3e5 / UNIT[:, 0].std()
    assert note == (
        f"features differ in spread: 'balance' has {ratio:,.0f} times the standard deviation of 'age' "
        "(2 of 3 features have over 1,000 times), so it dominates distances. "
        "Scale with a step: -e standardize+pca"
    )
    assert "feature 2 (counted from 0) has" in spread_notes(UNIT * [1, 1, 1e5])[0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_offsets_of_most_features_are_noted(dtype: type) -> None:
    far = (UNIT + np.array([5e4, 0, 5e5])).astype(dtype)
    (note,) = spread_notes(far, ("x", "height", "y"))
    assert note.startswith("2 of 3 features lie far from 0, e.g. 'y' at 500000 with a standard deviation of ")
    assert not spread_notes(UNIT + np.array([0, 0, 5e5])), "one of three"


def test_spread_is_measured_far_from_the_origin_and_at_the_ends_of_the_range() -> None:
    assert not [note for note in spread_notes(UNIT + 1e9) if "differ" in note]
    assert "over 1,000,000,000 times" in spread_notes(UNIT * [1, 1e200, 1])[0]


def test_of_many_rows_some_are_looked_at_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    X = UNIT * [1, 1, 1e5] + 1
    monkeypatch.setattr("harness.data.spread.SAMPLE", 100)
    (note,) = spread_notes(X)
    assert " (of 100 rows)" in note


def test_tables_name_their_columns(tmp_path: Path) -> None:
    frame = pd.DataFrame(UNIT * [1, 1, 1e5], columns=["age", "height", "balance"]).assign(label="a")
    frame.to_csv(tmp_path / "people.csv", index=False)
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "people.parquet")
    for file in ("people.csv", "people.parquet"):
        assert any("'balance' has" in note for note in read(tmp_path / file).notes)


def test_arrays_get_it_and_images_do_not(tmp_path: Path) -> None:
    X = UNIT * [1, 1, 1e5]
    result = harness.bench(
        X, "identity", "kmeans", "n-clusters", n_clusters=2, seeds=1, jobs=0, store=tmp_path
    )
    assert any("features differ in spread" in note for note in result.notes)
    assert not to_dataset(Raw(X), name="toy", where="toy", image_shape=(1, 3)).notes
    assert (to_dataset(Raw(X), name="toy", where="toy").samples == X.astype(np.float32)).all(), "never scaled"
