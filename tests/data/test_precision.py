"""Which numbers are float32, and which float64: no column may lose a distinct value, order or range."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from harness.data import read
from harness.data.precision import single_rows, to_floats


@pytest.mark.parametrize(
    ("array", "kind"),
    [
        ([[0.1], [0.2]], "float32"),  # rounded, but told apart
        ([[1e9, 20.0], [-1e9 + 0.25, 21.0]], "float32"),
        ([[1e9, 20.0], [1e9 + 0.25, 21.0]], "float64"),
        ([[2**24], [2**24 + 1]], "float64"),
        ([[2**24], [2**24 + 2]], "float32"),
        ([[2**53], [2**53 + 2]], "float64"),
        ([[1e39], [1.0]], "float64"),
        ([[1e-42], [1.0]], "float64"),
        ([[1e-310], [1.0]], "float64"),
        ([[0.0], [1.0]], "float32"),
        ([[True], [False]], "float32"),
    ],
)
def test_the_kind(array: list[list[float]], kind: str) -> None:
    given_ = np.array(array)
    got = to_floats(given_, where="toy")
    assert got.dtype.name == kind
    assert np.allclose(got, given_.astype(float), rtol=1e-7)


def test_far_rows_and_far_columns_are_looked_at() -> None:
    table = np.tile(np.arange(50_000.0)[:, None], (1, 40)) / 10
    assert to_floats(table, where="toy").dtype == np.float32
    table[-1, -1] = 4999.8000001
    assert to_floats(table, where="toy").dtype == np.float64


@pytest.mark.parametrize("kind", ["f2", "f4", ">f4", "u1", "i2"])
def test_what_fits_is_float32_as_it_is(kind: str) -> None:
    array = np.arange(6).reshape(3, 2).astype(kind)
    got = to_floats(array, where="toy")
    assert (got.dtype, got.tolist()) == (np.float32, array.tolist())


@pytest.mark.parametrize("first", [0.1, float(np.float32(0.1))])
def test_a_rounded_value_and_the_float32_next_to_it_stay_distinct_however_far_apart(first: float) -> None:
    """0.1 is rounded to a number that may itself stand in another block of rows."""
    column = np.full((2**21, 1), 0.25)
    column[0], column[-1] = first, 0.1 + float(np.float32(0.1)) - first
    assert to_floats(column, where="toy").dtype == np.float64


@pytest.mark.parametrize("value", [0.7, 1 / 3, 1e-50, 1e60, 4194304.7])
def test_long_columns_of_decimals_are_as_short_ones(value: float) -> None:
    """What stands after the first rows, and is no decimal of their scale, is looked at as exactly."""
    column = np.round(np.random.default_rng(0).normal(size=(2**21, 1)), 2)
    column[-2:, 0] = value, np.nextafter(value, 9)
    assert to_floats(column, where="toy").dtype == np.float64
    column[-1] = value
    kind = np.float64 if value in (1e-50, 1e60) else np.float32
    found = to_floats(column, where="toy")
    assert found.dtype == kind
    assert np.array_equal(found, column.astype(kind))


def test_float32_is_not_copied() -> None:
    array = np.ones((3, 2), np.float32)
    assert to_floats(array, where="toy") is array


@given(
    npst.arrays(
        np.float64, st.tuples(st.integers(2, 30), st.integers(1, 3)), elements=st.floats(-1e300, 1e300)
    )
)
def test_no_distinct_value_order_or_range_is_lost(array: np.ndarray) -> None:
    got = to_floats(array, where="toy")
    for before, after in zip(array.T, got.T, strict=True):
        assert len(np.unique(before)) == len(np.unique(after))
        assert np.array_equal(np.argsort(before, kind="stable"), np.argsort(after, kind="stable"))
    assert np.allclose(got, array, rtol=1e-6, atol=0)


NUMBERS = st.floats(-1e300, 1e300) | st.floats(-5, 5).map(lambda number: round(number, 2))


@given(npst.arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(1, 3)), elements=NUMBERS))
def test_a_table_in_one_pass_is_as_in_several(array: np.ndarray) -> None:
    rows, expected = single_rows(list(array.T)), to_floats(array, where="toy")
    assert (rows is None) == (expected.dtype == np.float64)
    assert rows is None or np.array_equal(rows, expected)


def test_long_tables_are_read_in_one_pass(tmp_path: Path) -> None:
    table = np.round(np.random.default_rng(0).normal(size=(20_000, 3)), 3)
    path = tmp_path / "long.csv"
    np.savetxt(path, table, delimiter=",", header="a,b,c", comments="", fmt="%.3f")
    assert np.array_equal(read(path).samples, table.astype(np.float32))
    table[-1, -1] = table[0, -1] + 1e-9
    np.savetxt(path, table, delimiter=",", header="a,b,c", comments="", fmt="%.9f")
    assert read(path).samples.dtype == np.float64
    table[5, 1] = np.nan
    np.savetxt(path, table, delimiter=",", header="a,b,c", comments="", fmt="%.9f")
    assert np.isclose(read(path, missing="mean").samples[5, 1], np.nanmean(table[:, 1]), rtol=1e-12)
