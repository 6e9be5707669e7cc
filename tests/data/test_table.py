"""CSV tables: headers, label columns, images, compression, and cells that are no numbers."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from harness import DataError
from harness.data import read

IRIS = "width,length,species\n1,2,setosa\n3,5,virginica\n2,3,setosa\n"


def write(folder, text, name="toy.csv"):
    path = folder / name
    path.write_text(text)
    return path


def test_a_label_column_is_chosen_by_name_or_position(tmp_path):
    path = write(tmp_path, IRIS)
    for label in ("species", 2, -1):
        data = read(path, label=label)
        assert data.truth.tolist() == [0, 1, 0]
        assert data.class_names == ("setosa", "virginica")
        assert data.samples.tolist() == [[0, 0.25], [0.5, 1], [0.25, 0.5]]
        assert (data.scaling, data.image_shape, data.name) == ("global min-max", None, "toy")


@pytest.mark.parametrize("name", ["label", "Class", "TARGET", "y"])
def test_auto_takes_a_column_of_a_usual_name(tmp_path, name):
    data = read(write(tmp_path, f"a,{name},b\n1,7,0\n0,9,1\n"))
    assert data.samples.tolist() == [[1, 0], [0, 1]]
    assert data.class_names == ("7", "9")


def test_auto_takes_no_column_of_another_name(tmp_path):
    data = read(write(tmp_path, "a,b\n1,0\n0,1\n"))
    assert (data.truth, data.n_features) == (None, 2)


def test_auto_takes_the_first_column_without_a_header(tmp_path):
    data = read(write(tmp_path, "3,1,0\n5,0,1\n3,1,1\n"))
    assert data.truth.tolist() == [0, 1, 0]
    assert data.n_samples == 3


def test_no_labels_wanted(tmp_path):
    data = read(write(tmp_path, "1,1,0\n0,0,1\n"), label=None)
    assert (data.truth, data.n_features) == (None, 3)


def test_text_labels_without_a_header(tmp_path):
    data = read(write(tmp_path, "0.1,0.2,a\n0.3,0.4,b\n"), label=2)
    assert (data.n_samples, data.class_names) == (2, ("a", "b"))


def test_a_header_that_counts_is_a_header(tmp_path):
    path = tmp_path / "toy.csv"
    pd.DataFrame(np.eye(4)).to_csv(path, index=False)
    assert read(path, label=None).n_samples == 4


def test_a_missing_cell_in_the_first_row_makes_no_header(tmp_path):
    with pytest.raises(DataError, match=r"data row 1, column 1\."):
        read(write(tmp_path, "1,,3\n4,5,6\n"), label=None)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("header", [False, True])
def test_785_columns_are_a_label_and_an_image(tmp_path, packed, header):
    pixels = np.random.default_rng(0).integers(0, 256, (3, 784))
    frame = pd.DataFrame(np.column_stack([[7, 2, 7], pixels]))
    frame.columns = ["digit", *(f"pixel{i}" for i in range(784))] if header else frame.columns
    path = tmp_path / ("toy.csv.gz" if packed else "toy.csv")
    frame.to_csv(path, index=False, header=header)
    data = read(path)
    assert np.array_equal(data.samples, pixels.astype(np.float32) / np.float32(255))
    assert data.truth.tolist() == [1, 0, 1]
    assert (data.image_shape, data.scaling, data.name) == ((28, 28, 1), "divided by 255", "toy")


def test_784_columns_without_a_header_are_pixels_only(tmp_path):
    path = tmp_path / "toy.csv"
    pd.DataFrame(np.full((2, 784), 9)).to_csv(path, index=False, header=False)
    data = read(path)
    assert (data.truth, data.image_shape) == (None, (28, 28, 1))


@settings(max_examples=15, deadline=None)
@given(
    array=hnp.arrays(np.uint8, st.tuples(st.integers(2, 5), st.just(784)), fill=st.integers(0, 255)),
    packed=st.booleans(),
)
def test_any_images_come_back(tmp_path_factory, array, packed):
    array[0, 0] = 255
    path = tmp_path_factory.mktemp("csv") / ("a.csv.gz" if packed else "a.csv")
    np.savetxt(path, array, fmt="%d", delimiter=",")
    assert np.array_equal(np.rint(read(path, label=None).samples * 255), array)


def test_bool_and_int_columns_mix(tmp_path):
    data = read(write(tmp_path, "a,b\nTrue,0\nFalse,1\n"))
    assert data.samples.tolist() == [[1, 0], [0, 1]]


def test_tabs(tmp_path):
    assert read(write(tmp_path, "a\tb\n1\t0\n0\t1\n", "toy.tsv")).n_features == 2


@pytest.mark.parametrize(
    ("text", "label", "message"),
    [
        ("", "auto", "toy.csv: the file is empty"),
        ("a,b,label\n", "auto", "no rows of data, only a header of 3 columns"),
        (IRIS, "auto", "column 'species' must hold numbers, got 'setosa' in data row 1.*label='species'"),
        ("a,b\n1,2\n3,oops\n", "auto", "column 'b' must hold numbers, got 'oops' in data row 2"),
        (IRIS, "specis", "no column 'specis', only width, length, species. Did you mean 'species'"),
        (IRIS, 3, "label column 3 does not exist, there are columns 0 to 2"),
        ("a,b\n1,2\n3,4,5\n", "auto", "Expected 2 fields in line 3, saw 3"),
        ("a,b\n1,2,3\n4,5,6\n", "auto", "Expected 2 fields in line 2, saw 3"),
        ("a,b\n1,2\n3\n", "auto", r"empty cell \(or too short a row\) in data row 2, column 'b'"),
        ("a,b\n1,2\n3,inf\n", "auto", "values must be finite, got inf in data row 2, column 'b'"),
        ("a,b,y\n1,2,x\n3,3,\n", "auto", "every row needs a label, got none in data row 2, column 'y'"),
        ("0.5,2\n0.7,3\n", "auto", r"labels must be classes \(whole numbers or strings\), got 0.5 in row 0"),
        ("y\n1\n2\n", "auto", "no feature columns beside the label column 'y'"),
    ],
)
def test_bad_tables_are_named(tmp_path, text, label, message):
    with pytest.raises(DataError, match=message) as caught:
        read(write(tmp_path, text), label=label)
    assert "\n" not in str(caught.value)


def test_damaged_gzip(tmp_path):
    (tmp_path / "toy.csv.gz").write_bytes(gzip.compress(IRIS.encode() * 50)[:-9])
    with pytest.raises(DataError, match=r"toy\.csv\.gz: c.*(corrupt|cannot be read)|ended"):
        read(tmp_path / "toy.csv.gz", label="species")


def test_binary_content_is_no_csv(tmp_path):
    (tmp_path / "toy.csv").write_bytes(b"a,b\n\xff\xfe\x80,1\n" * 3)
    with pytest.raises(DataError, match=r"toy\.csv: cannot be read as CSV"):
        read(tmp_path / "toy.csv")


def test_index_column_of_pandas_is_no_feature(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": [0.1, 0.2, 0.3], "b": [0.3, 0.2, 0.9], "label": ["x", "x", "y"]})
    frame.to_csv(tmp_path / "with.csv")
    frame.to_csv(tmp_path / "without.csv", index=False)
    assert read(tmp_path / "with.csv").digest == read(tmp_path / "without.csv").digest
