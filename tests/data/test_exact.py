"""Columns of nullable types, decimals, categories, objects and lists: exact numbers, or the true reason."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest

from harness import DataError
from harness.data import read


@pytest.fixture(params=["parquet", "feather", "arrow"])
def write(request, tmp_path):
    def write(columns, name="toy"):
        path = tmp_path / f"{name}.{request.param}"
        table = columns if isinstance(columns, pa.Table) else pa.table(columns)
        if request.param == "parquet":
            pq.write_table(table, path)
        elif request.param == "feather":
            pyarrow.feather.write_feather(table, path)
        else:  # a stream, as Hugging Face keeps its tables
            with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema) as stream:
                stream.write_table(table)
        return path

    return write


def test_exact_columns_are_numbers(write):
    frame = pd.DataFrame({"whole": pd.array([1, 2, 2**60 + 1], dtype="Int64")})
    frame["yes"] = pd.array([True, False, True], dtype="boolean")
    frame["real"] = pd.array([0.5, 1.5, -1], dtype="Float64")
    frame["category"] = pd.Categorical([5, 7, 5])
    table = pa.Table.from_pandas(frame)
    table = table.append_column("money", pa.array([Decimal("1.10"), Decimal("-2.20"), Decimal("1e9")]))
    table = table.append_column("key", pa.array([3, 4, 3]).dictionary_encode())
    data = read(write(table))
    expected = [
        [1, 1, 0.5, 5, 1.1, 3],
        [2, 0, 1.5, 7, -2.2, 4],
        [2**60 + 1, 1, -1, 5, 1e9, 3],
    ]
    assert np.array_equal(data.samples, np.array(expected, dtype=np.float32))


def test_whole_numbers_beside_others_are_not_made_equal(write):
    columns = {"a": [2**60, 2**60 + 1, 0], "b": [0.5, 1.5, 2.5]}
    with pytest.raises(DataError, match=r"'a' holds whole numbers too large to stay distinct.*\(drop=a\)"):
        read(write(columns))
    assert read(write(columns), drop="a").n_features == 1


def test_the_names_of_categories_are_those_of_classes(write):
    names = pa.array(["b", "a", "b"]).dictionary_encode()
    data = read(write({"a": [1.0, 2.0, 3.0], "kind": names}))
    assert (data.label, data.class_names, data.truth.tolist()) == ("kind", ("a", "b"), [1, 0, 1])


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (pa.array([1, 0, 1]), ("0", "1")),
        (pa.array([True, False, True]), ("False", "True")),
        (pa.array([Decimal(1), Decimal(0), Decimal(1)]), ("0", "1")),
        (pa.array([7, 3, 7]).dictionary_encode(), ("3", "7")),
        (pa.array(["01", "1", "01"]).dictionary_encode(), ("01", "1")),
    ],
)
def test_labels_of_every_type(write, labels, names):
    assert read(write({"a": [1.0, 2.0, 3.0], "label": labels})).class_names == names


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        (pa.array([datetime.date(2020, 1, 1)] * 3), r"got 2020-01-01.* in data row 1"),
        (pa.array([0, 1, 2], pa.timestamp("s")), r"got 1970-01-01.* in data row 1"),
        (pa.array([0, 1, 2], pa.duration("s")), r"got 0 days.* in data row 1"),
        (
            pa.array([[1, 2], [3, 4], [5]]),
            "got lists of differing lengths, 2 items in data row 1, 1 in data row 3",
        ),
        (pa.array([["a"], ["b"], ["c"]]), r"got .*a.* in data row 1"),
        (pa.array([{"x": 1}] * 3), "got {'x': 1} in data row 1"),
        (
            pa.array([Decimal("1e20"), Decimal("1e20") + 1, Decimal(0)]),
            "got numbers with more digits than float64 can hold",
        ),
    ],
)
def test_other_columns_are_refused_for_the_true_reason_and_can_be_left_out(write, column, reason):
    path = write({"a": [1.0, 2.0, 4.0], "b": column})
    with pytest.raises(DataError, match=rf"column 'b' must hold numbers, {reason}.*\(drop=b\)"):
        read(path)
    assert read(path, drop="b").samples.ravel().tolist() == [1, 2, 4]


def test_missing_values_of_nullable_columns_are_named(write):
    path = write({"a": pa.array([1, None, 3]), "b": pa.array([Decimal(1), Decimal(2), None])})
    with pytest.raises(DataError, match=r"missing in 2 of 2 columns: 'a' 1, 'b' 1 .*data row 2\."):
        read(path)
    assert read(path, missing="mean").samples.tolist() == [[1, 1], [2, 2], [3, 1.5]]


@pytest.mark.parametrize(
    "kind", [pa.list_(pa.float32(), 3), pa.list_(pa.float32()), pa.large_list(pa.float64())]
)
def test_lists_of_one_length_are_features(write, kind):
    vectors = np.arange(12, dtype=np.float32).reshape(4, 3)
    column = pa.array(vectors.tolist(), kind)
    data = read(write({"vector": column, "label": ["x", "y", "x", "y"], "extra": [9, 8, 7, 6]}))
    assert data.samples.tolist() == np.c_[[9, 8, 7, 6], vectors].tolist()
    assert "column 'vector': its 3 items per row are features" in data.notes


def test_lists_of_lists_and_chunks(tmp_path):
    arrays = np.arange(24).reshape(4, 2, 3)
    halves = [pa.array(half.tolist()) for half in (arrays[:1], arrays[1:])]
    pq.write_table(pa.table({"v": pa.chunked_array(halves)}), tmp_path / "toy.parquet", row_group_size=1)
    assert read(tmp_path / "toy.parquet").samples.tolist() == arrays.reshape(4, 6).tolist()


def test_damage_of_arrow_files(write):
    path = write({"a": [1.0, 2.0], "b": [1, 2]})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DataError, match=r"not a readable (Arrow|parquet) file") as caught:
        read(path)
    assert "\n" not in str(caught.value)
