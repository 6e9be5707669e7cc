"""Parquet files: Hugging Face style images, splits in folders, plain tables, and damage."""

import io
import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from harness import DataError
from harness.data import read


def png(array):
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, "png")
    return buffer.getvalue()


def images(n=4, shape=(3, 2)):
    return np.random.default_rng(n).integers(2, 256, (n, *shape), dtype=np.uint8)


def write(path, arrays, labels, *, names=None, plain=False):
    cells = [png(array) for array in arrays]
    image = cells if plain else [{"bytes": cell, "path": None} for cell in cells]
    table = pa.table({"image": image, **({} if labels is None else {"label": labels})})
    if names:
        features = {"label": {"names": names, "_type": "ClassLabel"}}
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path)
    return path


@pytest.mark.parametrize("plain", [False, True])
@pytest.mark.parametrize("shape", [(3, 2), (3, 2, 3)])
def test_images_with_labels(tmp_path, plain, shape):
    arrays = images(4, shape)
    data = read(write(tmp_path / "toy.parquet", arrays, [1, 0, 1, 1], plain=plain))
    assert np.array_equal(data.samples, arrays.reshape(4, -1).astype(np.float32) / np.float32(255))
    assert data.image_shape == (*shape[:2], shape[2] if len(shape) == 3 else 1)
    assert data.truth.tolist() == [1, 0, 1, 1]
    assert data.name == "toy"


def test_class_names_are_kept(tmp_path):
    path = write(tmp_path / "toy.parquet", images(), [2, 0, 2, 0], names=["cat", "cow", "dog"])
    data = read(path)
    assert (data.truth.tolist(), data.class_names) == ([1, 0, 1, 0], ("cat", "dog"))


def test_withheld_labels_are_refused(tmp_path):
    path = write(tmp_path / "toy.parquet", images(), [-1] * 4, names=["cat", "dog"])
    with pytest.raises(DataError, match=r"labels must be 0 to 1.*got -1 to -1.*label=None"):
        read(path)
    assert read(path, label=None).truth is None


def test_text_labels_and_no_labels(tmp_path):
    assert read(write(tmp_path / "a.parquet", images(), ["b", "a", "b", "b"])).class_names == ("a", "b")
    assert read(write(tmp_path / "b.parquet", images(), None)).truth is None


@pytest.mark.parametrize("under", ["", "data"])
def test_a_folder_is_an_official_split(tmp_path, under):
    first, second, test = images(3), images(2), images(4)
    folder = tmp_path / under
    write(folder / "train-00001-of-00002.parquet", second, [1, 0])
    write(folder / "train-00000-of-00002.parquet", first, [0, 1, 2])
    write(folder / "test-00000-of-00001.parquet", test, [2, 2, 2, 2])
    write(folder / "validation-00000-of-00001.parquet", test, [9, 9, 9, 9])
    data = read(tmp_path, name="hub")
    assert (data.n_train, data.n_samples) == (5, 9)
    assert data.truth.tolist() == [0, 1, 2, 1, 0, 2, 2, 2, 2]
    assert np.array_equal(np.rint(data.samples[:3] * 255), first.reshape(3, -1))


def test_plain_tables(tmp_path):
    path = tmp_path / "toy.parquet"
    pd.DataFrame({"a": [0, 4], "b": [1, 2], "species": ["x", "y"]}).to_parquet(path)
    data = read(path, label="species")
    assert (data.samples.tolist(), data.class_names) == ([[0, 1], [4, 2]], ("x", "y"))


def test_a_pandas_index_is_no_feature(tmp_path):
    path = tmp_path / "toy.parquet"
    pd.DataFrame({"a": [0.0, 1.0]}, index=[10, 20]).to_parquet(path)
    assert read(path).n_features == 1


def test_cells_that_are_no_numbers(tmp_path):
    path = tmp_path / "toy.parquet"
    pq.write_table(pa.table({"a": [1, 2], "b": ["1", "red"]}), path)
    with pytest.raises(DataError, match="column 'b' must hold numbers, got 'red' in data row 2"):
        read(path)
    pq.write_table(pa.table({"a": [1, None]}), path)
    with pytest.raises(
        DataError, match=r"missing in 1 of 1 columns: 'a' 1 \(of 2 rows\), first in data row 2"
    ):
        read(path)


def test_damage(tmp_path):
    path = write(tmp_path / "toy.parquet", images(), [0, 1, 0, 1])
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataError, match=r"toy\.parquet: not a readable parquet file"):
        read(path)
    path.write_bytes(b"")
    with pytest.raises(DataError, match=r"toy\.parquet: not a readable parquet file"):
        read(path)


def test_bad_images_name_the_row(tmp_path):
    path = tmp_path / "toy.parquet"
    pq.write_table(pa.table({"image": [png(images()[0]), b"junk"], "label": [0, 1]}), path)
    with pytest.raises(DataError, match=r"row 1 .*not a readable image"):
        read(path)
    pq.write_table(pa.table({"image": [{"bytes": None, "path": "a.png"}], "label": [0]}), path)
    with pytest.raises(DataError, match=r"row 0 .*has no image bytes"):
        read(path)
    pq.write_table(pa.table({"image": [png(images()[0])] * 2, "label": [0, None]}), path)
    with pytest.raises(DataError, match="every row needs a label, got 1 empty"):
        read(path)


def test_empty_tables(tmp_path):
    path = tmp_path / "toy.parquet"
    pq.write_table(pa.table({"image": pa.array([], pa.binary())}), path)
    with pytest.raises(DataError, match="there are no samples"):
        read(path)
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), path)
    with pytest.raises(DataError, match="no rows of data"):
        read(path)


def test_shards_of_differing_schemas(tmp_path):
    write(tmp_path / "a.parquet", images(), [0, 1, 0, 1])
    write(tmp_path / "b.parquet", images(), ["x", "y", "x", "y"])
    with pytest.raises(DataError, match=r"b\.parquet: .*same columns and types, got .*label \(string\)"):
        read(tmp_path)
