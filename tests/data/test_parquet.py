"""Parquet files: Hugging Face style images, splits in folders, plain tables, and damage."""

import io
import json
import sys

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
    assert data.left_out == ("'validation-00000-of-00001.parquet' (validation part)",)


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
        DataError, match=r"missing in 1 of 1 column: 'a' 1 \(of 2 rows\), first in data row 2"
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
    with pytest.raises(DataError, match=r"every sample needs a label, got none in row 1 .*1 in all"):
        read(path)


def test_empty_tables(tmp_path):
    path = tmp_path / "toy.parquet"
    pq.write_table(pa.table({"image": pa.array([], pa.binary())}), path)
    with pytest.raises(DataError, match="no samples: got"):
        read(path)
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), path)
    with pytest.raises(DataError, match="no rows of data"):
        read(path)


def test_shards_of_differing_schemas(tmp_path):
    write(tmp_path / "a.parquet", images(), [0, 1, 0, 1])
    write(tmp_path / "b.parquet", images(), ["x", "y", "x", "y"])
    with pytest.raises(DataError, match=r"b\.parquet: .*same columns and types, got .*label \(string\)"):
        read(tmp_path)


def table(path, images=None, metadata=None, **columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = {} if images is None else {"image": [{"bytes": png(each), "path": None} for each in images]}
    content = pa.table({**cells, **columns})
    if metadata:
        info = {
            "info": {
                "features": {
                    name: {"_type": "ClassLabel", "names": names} for name, names in metadata.items()
                }
            }
        }
        content = content.replace_schema_metadata({"huggingface": json.dumps(info)})
    pq.write_table(content, path)
    return path


def test_fine_and_coarse_labels_are_refused_with_the_line_to_type(tmp_path):
    path = table(tmp_path / "toy.parquet", images(), fine_label=[0, 1, 2, 3], coarse_label=[0, 0, 1, 1])
    with pytest.raises(
        DataError, match=r"'fine_label' and 'coarse_label' may .*toy.parquet\(label=fine_label"
    ):
        read(path)
    data = read(path, label="coarse_label")
    assert (data.n_classes, data.label, data.left_out) == (
        2,
        "coarse_label",
        ("'fine_label' (beside the images)",),
    )
    assert read(path, drop="coarse_label").label == "fine_label"


def test_a_class_label_of_any_name_is_found(tmp_path):
    path = table(
        tmp_path / "a.parquet", images(), {"animal": ["cat", "dog"]}, animal=[0, 1, 1, 0], age=[1, 2, 3, 4]
    )
    data = read(path)
    assert (data.label, data.class_names, data.left_out) == (
        "animal",
        ("cat", "dog"),
        ("'age' (beside the images)",),
    )


def test_columns_beside_images_without_labels_are_named(tmp_path):
    data = read(table(tmp_path / "a.parquet", images(), age=[1, 2, 3, 4]))
    assert (data.truth, data.left_out) == (None, ("'age' (beside the images)",))
    assert any("no label column found" in note for note in data.notes)


@pytest.mark.parametrize(
    "names", [("train.parquet", "validation.parquet"), ("my-train-1.parquet", "my-valid-1.parquet")]
)
def test_validation_takes_the_place_of_test(tmp_path, names):
    for name in names:
        table(tmp_path / name, images(), label=[0, 1, 0, 1])
    data = read(tmp_path)
    assert (data.n_train, data.notes) == (4, (f"{names[1]!r} is used as the test part",))


def test_transparent_images_of_both_parts_have_one_ground(tmp_path):
    """What is light in one part, and dark in the other, must not end up alike."""
    for part, ink in (("train", 255), ("test", 0)):
        arrays = [np.zeros((4, 4, 4), np.uint8) for _ in range(3)]
        for row, array in enumerate(arrays):
            array[..., :3] = ink
            array[row, :, 3] = 255
        table(tmp_path / f"{part}.parquet", arrays, label=[0, 1, 0])
    data = read(tmp_path)
    assert len([note for note in data.notes if "transparent" in note]) == 1
    assert data.samples[0, -1] == data.samples[3, -1]


def test_pages_repeat_their_label(tmp_path):
    buffer = io.BytesIO()
    pages = [Image.fromarray(each) for each in images(3)]
    pages[0].save(buffer, "tiff", save_all=True, append_images=pages[1:])
    pq.write_table(
        pa.table({"image": [buffer.getvalue(), png(images(3)[0])], "label": ["b", "a"]}),
        tmp_path / "a.parquet",
    )
    assert read(tmp_path / "a.parquet").truth.tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("arrays", [None, images(3)], ids=["table", "images"])
@pytest.mark.parametrize("parts", [("train", "test"), ("0", "1")])
def test_class_names_that_differ_between_files_are_refused(tmp_path, arrays, parts):
    for part, names in zip(parts, (["cat", "dog"], ["dog", "cat"]), strict=True):
        columns = {"width": [1.5, 2.5, 3.5], "label": [0, 1, 0]}
        table(tmp_path / f"{part}.parquet", arrays, {"label": names}, **columns)
    with pytest.raises(DataError, match=r"classes of column 'label' differ .*: dog, cat, .* and cat, dog"):
        read(tmp_path)


def test_columns_that_differ_between_parts_are_refused(tmp_path):
    table(tmp_path / "train.parquet", width=[1.5, 2.5], height=[2.5, 3.5], label=["a", "b"])
    table(tmp_path / "test.parquet", height=[1.5, 2.5], width=[2.5, 3.5], label=["a", "b"])
    with pytest.raises(
        DataError, match="same columns in the same order, got 'width' and 'height' in place 0"
    ):
        read(tmp_path)
    table(tmp_path / "test.parquet", width=[1.5, 2.5], height=[2.5, 3.5], target=["a", "b"])
    with pytest.raises(DataError, match="label of the train part is 'label', of the test part 'target'"):
        read(tmp_path)
    table(tmp_path / "test.parquet", width=[1.5, 2.5], height=[2.5, 3.5], label=["a", "b"])
    assert read(tmp_path).n_train == 2


def test_several_datasets_in_one_folder_are_refused(tmp_path):
    for name in ("fine/train.parquet", "coarse/train.parquet"):
        table(tmp_path / name, images(), label=[0, 1, 0, 1])
    with pytest.raises(DataError, match=r"not one dataset: coarse, fine\. Give one of them, e\.g\. .*coarse"):
        read(tmp_path)
    table(tmp_path / "test" / "test.parquet", images(), label=[0, 1, 0, 1])
    table(tmp_path / "test" / "validation.parquet", images(), label=[0, 1, 0, 1])
    with pytest.raises(DataError, match=r"not one dataset: test\.parquet, validation\.parquet"):
        read(tmp_path / "test")


def test_files_of_one_table_are_noted_and_others_named(tmp_path):
    for name in ("0000.parquet", "0001.parquet"):
        table(tmp_path / name, a=[1.5, 2.5], label=["a", "b"])
    (tmp_path / "README.md").write_text("x")
    data = read(tmp_path)
    assert (data.n_samples, data.notes) == (4, ("2 files read as one table",))
    assert data.left_out == ("'README.md' (not a parquet file)",)


def test_parquet_beside_images_is_not_the_dataset(tmp_path):
    table(tmp_path / "cat" / "meta.parquet", a=[1.5, 2.5])
    (tmp_path / "cat" / "1.png").write_bytes(png(images()[0]))
    (tmp_path / "cat" / "2.png").write_bytes(png(images()[1]))
    assert read(tmp_path).left_out == ("1 file without the suffix of an image (meta.parquet)",)


@pytest.mark.parametrize("name", ["a.parquet", "a.feather", "folder"])
def test_without_pyarrow_the_error_has_the_command(tmp_path, monkeypatch, name):
    path = tmp_path / name
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.parquet").write_bytes(b"PAR1")
    if not path.is_dir():
        path.write_bytes(b"PAR1" if name == "a.parquet" else b"ARROW1")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    kind = "feather" if name == "a.feather" else "parquet"
    expected = rf"{name}: reading \.{kind} needs pyarrow: pip install 'clustering-harness\[parquet\]'\.$"
    with pytest.raises(DataError, match=expected):
        read(path)
