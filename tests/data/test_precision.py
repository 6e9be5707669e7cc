"""Which numbers are float32, and which float64: no column may lose a distinct value, order or range."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from harness.data.precision import to_floats


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
