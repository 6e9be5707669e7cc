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
from harness.data.summary import summary

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
        assert (data.scaling, data.image_shape, data.name, data.label) == ("none", None, "toy", "species")


@pytest.mark.parametrize("name", ["label", "Class", "TARGET", "y"])
def test_auto_takes_a_column_of_a_usual_name(tmp_path, name):
    data = read(write(tmp_path, f"a,{name},b\n1,7,0\n0,9,1\n"))
    assert data.samples.tolist() == [[1, 0], [0, 1]]
    assert data.class_names == ("7", "9")


def test_auto_takes_no_column_of_another_name(tmp_path):
    data = read(write(tmp_path, "a,b\n1,0\n0,1\n"))
    assert (data.truth, data.n_features) == (None, 2)


def test_without_names_no_column_of_numbers_is_guessed_to_be_the_label(tmp_path):
    path = write(tmp_path, "3,1,0\n5,0,1\n3,1,1\n")
    data = read(path)
    assert (data.truth, data.n_samples, data.n_features) == (None, 3, 3)
    assert data.notes == (
        "no header: columns are numbered from 0",
        "no label column found; name one with label=",
    )
    assert read(path, label=0).truth.tolist() == [0, 1, 0]


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
    with pytest.raises(
        DataError, match=r"missing in 1 of 3 columns: '1' 1 \(of 2 rows\), first in data row 1"
    ):
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
        (
            IRIS,
            None,
            r"column .species. must hold numbers, got 'setosa' in data row 1.*, drop=sp.*\(label=sp",
        ),
        ("a,b\n1,2\n3,oops\n", "auto", "column 'b' must hold numbers, got 'oops' in data row 2"),
        (IRIS, "specis", "no column 'specis'. Columns: width, length, species. Did you mean 'species'"),
        (IRIS, 3, "no label column 3. Columns: 0 to 2"),
        ("a,b\n1,2\n3,4,5\n", "auto", "first row has 2 cells, row 3 has 3"),
        ("a,b\n1,2,3\n4,5,6\n", "auto", "first row has 2 cells, row 2 has 3"),
        ("a,b\n1,2\n3\n", "auto", r"missing in 1 of 2 columns: 'b' 1 \(of 2 rows\), first in data row 2"),
        ("a,b\n1,2\n3,inf\n", "auto", "values must be finite, got inf in data row 2, column 'b'"),
        (
            "a,b,y\n1,2,x\n3,3,\n",
            "auto",
            "'y': every sample needs a label, got none in row 1 .*unlabelled=''",
        ),
        ("0.5,2\n0.7,3\n", 0, r"labels must be classes \(whole numbers or strings\), got 0.5 in row 0"),
        ("y\n1\n2\n", "auto", "no feature columns besides the label column 'y'"),
    ],
)
def test_bad_tables_are_named(tmp_path, text, label, message):
    with pytest.raises(DataError, match=message) as caught:
        read(write(tmp_path, text), label=label)
    assert "\n" not in str(caught.value)


def test_damaged_gzip(tmp_path):
    (tmp_path / "toy.csv.gz").write_bytes(gzip.compress(IRIS.encode() * 50)[:-9])
    with pytest.raises(DataError, match=r"toy\.csv\.gz: c.*(corrupt|cannot read)|ended"):
        read(tmp_path / "toy.csv.gz", label="species")


def test_binary_content_is_no_csv(tmp_path):
    (tmp_path / "toy.csv").write_bytes(b"a,b\n\xff\x01\x80,1\n" * 3)
    with pytest.raises(DataError, match=r"toy\.csv: cannot read as CSV: it is not text"):
        read(tmp_path / "toy.csv")


def test_index_column_of_pandas_is_no_feature(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"a": [0.1, 0.2, 0.3], "b": [0.3, 0.2, 0.9], "label": ["x", "x", "y"]})
    frame.to_csv(tmp_path / "with.csv")
    frame.to_csv(tmp_path / "without.csv", index=False)
    assert read(tmp_path / "with.csv").digest == read(tmp_path / "without.csv").digest


BLOBS = [f"{x},{y}" for x in (1.5, 2.5) for y in (0.5, 3.5, 5.5, 7.5, 9.5, 8.5)]  # twelve rows


def table(folder, header, columns, name="toy.csv", sep=","):
    """Write twelve rows: two features, and further columns as they are given."""
    rows = [
        sep.join((*features.split(","), *cells)) for features, *cells in zip(BLOBS, *columns, strict=True)
    ]
    return write(folder, "\n".join([header, *rows]) + "\n", name)


CLASSES = [str(n % 2) for n in range(12)]
WORDS = ["red", "blue"] * 6


@pytest.mark.parametrize("name", ["labels", "Species", " label ", "# class"])
def test_names_of_labels_are_stripped(tmp_path, name):
    data = read(table(tmp_path, f"a,b,{name}", [CLASSES]))
    assert data.n_classes == 2
    assert data.n_features == 2
    assert data.label == name.strip(" #")


def test_two_columns_that_may_be_the_label_are_refused_with_the_line_to_type(tmp_path):
    path = table(tmp_path, "a,b,target,label", [CLASSES, CLASSES])
    with pytest.raises(
        DataError, match=r"ambiguous between columns 'target' and 'label'\..*\(label=target, drop=label\)"
    ):
        read(path)
    data = read(path, label="target", drop="label")
    assert (data.n_features, data.n_classes) == (2, 2)
    assert data.left_out == ("'label' (by drop)",)
    assert (read(path, drop="label").label, read(path, drop="label").left_out) == ("target", data.left_out)


def test_positions_count_columns_that_are_left_out(tmp_path):
    rows = "".join(f"red,{row},{n % 2}\n" for n, row in enumerate(BLOBS))
    data = read(write(tmp_path, f"colour,a,b,kind\n{rows}"), label=3, drop=0)
    assert (data.n_features, data.class_names) == (2, ("0", "1"))


def test_the_line_to_type_is_read_as_it_is_meant(tmp_path, monkeypatch):
    from harness.planning.datasets import open_dataset
    from harness.registry.registry import load_registry

    monkeypatch.chdir(tmp_path)
    table(tmp_path, "a,b,class,target", [CLASSES, CLASSES], "my table.csv")
    table(tmp_path, "a,b,hair colour,eye colour", [WORDS, WORDS])
    for name in ("my table.csv", "toy.csv"):
        with pytest.raises(DataError) as caught:
            read(name)
        line = str(caught.value).split('"')[1]
        data = open_dataset(line, load_registry())
        assert (data.n_features, data.n_classes) == (2, 2)


def test_y_is_the_label_only_beside_no_x(tmp_path):
    assert read(write(tmp_path, "x,y\n203,196\n216,202\n201,187\n")).truth is None
    assert read(table(tmp_path, "a,b,y", [CLASSES])).n_classes == 2


def test_the_only_column_of_text_is_the_label(tmp_path):
    data = read(table(tmp_path, "a,b,colour", [WORDS]))
    assert (data.class_names, data.n_features) == (("blue", "red"), 2)
    assert data.label == "colour"
    with pytest.raises(
        DataError,
        match=r"ambiguous between columns 'colour' and 'shape': both hold text.*\(label=colour, drop=shape\)",
    ):
        read(table(tmp_path, "a,b,colour,shape", [WORDS, WORDS[::-1]]))


def test_text_beside_a_label_is_refused_unless_it_is_left_out(tmp_path):
    path = table(tmp_path, "a,b,colour,label", [WORDS, CLASSES])
    with pytest.raises(DataError, match=r"column 'colour' must hold numbers, got 'red'.*\(drop=colour\)"):
        read(path)
    assert read(path, drop=["colour"]).n_features == 2


def test_a_broken_number_is_no_label(tmp_path):
    with pytest.raises(DataError, match="column 'c' must hold numbers, got 'oops' in data row 4"):
        read(table(tmp_path, "a,b,c", [["1", "2", "3", "oops", *"56789012"]]))
    with pytest.raises(DataError, match="column 'c' must hold numbers, got '1_000' in data row 2"):
        read(table(tmp_path, "a,b,c", [["1", "1_000", *"3456789012"]]))


@pytest.mark.parametrize("name", ["", "index", "Id", "__index_level_0__", "level_0"])
def test_identifiers_are_left_out_with_a_note(tmp_path, name):
    numbers = [str(n * 7 % 12) for n in range(12)]
    data = read(table(tmp_path, f"a,b,{name},label", [numbers, CLASSES]))
    assert data.n_features == 2
    assert [text.split("' ")[1] for text in data.left_out] == ["(distinct in every row)"]
    if name:
        assert read(table(tmp_path, f"a,b,{name},label", [numbers, CLASSES]), keep=name).n_features == 3


def test_a_number_that_is_not_distinct_is_no_identifier(tmp_path):
    assert read(table(tmp_path, "a,b,id,label", [["1", "1", *map(str, range(10))], CLASSES])).n_features == 3


def test_text_that_is_distinct_in_every_row_is_left_out(tmp_path):
    data = read(table(tmp_path, "a,b,name,label", [[f"sample {n}" for n in range(12)], CLASSES]))
    assert data.n_features == 2
    assert data.left_out == ("'name' (text, distinct in every row)",)


def test_labels_are_text_until_they_read_back_as_the_same_number(tmp_path):
    assert read(table(tmp_path, "a,b,label", [["1", "01", "001"] * 4])).class_names == ("001", "01", "1")
    assert read(table(tmp_path, "a,b,label", [["NA", "None", "nan"] * 4])).class_names == (
        "NA",
        "None",
        "nan",
    )
    assert read(table(tmp_path, "a,b,label", [["10", "9"] * 6])).class_names == ("9", "10")
    assert read(table(tmp_path, "a,b,label", [[" x", "x "] * 6])).class_names == ("x",)
    with pytest.raises(DataError, match="'label': every sample needs a label, got none in row 2"):
        read(table(tmp_path, "a,b,label", [["x", "y", "", *"xyxyxyxyx"]]))


@pytest.mark.parametrize(
    ("text", "shape", "names"),
    [
        ("label,0,1\nu,5.1,3.5\nv,4.9,3.0\nu,4.7,3.2\n", (3, 2), ("u", "v")),  # to_csv of numbered columns
        ("0,1\n5.1,3.5\n4.9,3.1\n", (2, 2), ()),
        (",0,1,2\n0,5.1,3.5,1.4\n1,4.9,3.0,1.4\n", (2, 3), ()),  # to_csv with its index
        ("2019,2020\n5.1,3.5\n4.9,3.1\n", (2, 2), ()),
        ("203,196\n216,202\n201,187\n", (3, 2), ()),  # no header: all rows are of one kind
        ("# a, b, label\n1.5, 2.5, 0\n3.5, 4.5, 1\n", (2, 2), ("0", "1")),  # numpy.savetxt
    ],
)
def test_headers_are_told_from_samples(tmp_path, text, shape, names):
    data = read(write(tmp_path, text))
    assert data.samples.shape == shape
    assert data.class_names == names


def test_what_is_guessed_can_be_set(tmp_path):
    path = write(tmp_path, "1,2\n3,4\n5,6\n")
    assert read(path, header=True).n_samples == 2
    assert read(path, header=False).n_samples == 3
    with pytest.raises(DataError, match=r"unknown option 'heder' for this format\. Did you mean 'header'"):
        read(path, heder=True)


@pytest.mark.parametrize(("sep", "note"), [(";", "';'"), ("\t", "tab"), ("|", "'|'"), (" ", "blanks")])
def test_separators_are_found(tmp_path, sep, note):
    name = "toy.txt" if sep == " " else "toy.csv"
    data = read(table(tmp_path, sep.join(["a", "b", "label"]), [CLASSES], name, sep))
    assert (data.n_features, data.n_classes) == (2, 2)
    assert sep == "\t" or f"separator {note}" in data.notes


def test_decimal_commas_and_encodings_are_found(tmp_path):
    text = "größe;label\n1,5;ä\n2,5;b\n3,5;ä\n"
    (tmp_path / "toy.csv").write_bytes(text.encode("latin-1"))
    data = read(tmp_path / "toy.csv")
    assert data.samples.ravel().tolist() == [1.5, 2.5, 3.5]
    assert data.class_names == ("b", "ä")
    assert data.notes[:2] == ("separator ';', decimal mark ','", "encoding cp1252")
    with pytest.raises(DataError, match="unknown encoding 'nonsense'"):
        read(tmp_path / "toy.csv", encoding="nonsense")


def test_columns_of_one_name_are_refused(tmp_path):
    with pytest.raises(DataError, match="several columns are named 'label'"):
        read(table(tmp_path, "a,b,label,Label", [CLASSES, CLASSES]))


def test_implausible_truth_is_refused_or_noted(tmp_path):
    with pytest.raises(
        DataError, match="the labels make 12 classes of 12 samples, so they look like identif"
    ):
        read(table(tmp_path, "a,b,label", [[f"s{n}" for n in range(12)]]))
    assert "all samples are of one class, 'u'" in read(table(tmp_path, "a,b,label", [["u"] * 12])).notes


def test_names_of_classes_that_turn_into_numbers_far_below(tmp_path: Path) -> None:
    file = tmp_path / "long.csv"
    file.write_text("a,label\n" + "1,red\n" * 80_000 + "2,01\n" * 80_000 + "3,1\n" * 80_000)
    data = read(file)
    assert data.class_names == ("01", "1", "red")
    assert np.bincount(data.truth).tolist() == [80_000] * 3


def test_minus_one_is_no_class_beside_two_or_more(tmp_path):
    note = "4 unlabelled samples: clustered, but left out of scores that use the classes"
    path = table(tmp_path, "a,b,label", [["-1", "0", "1"] * 4])
    data = read(path)
    assert (data.truth[:3].tolist(), data.class_names, data.n_classes) == ([-1, 0, 1], ("0", "1"), 2)
    assert data.notes == (note,)
    assert read(path, unlabelled=None).n_classes == 3
    path = table(tmp_path, "a,b,label", [["-1", "1"] * 6])
    assert read(path).notes == ("the label -1 counts as a class; write unlabelled=-1 if it is not one",)
    assert (read(path).n_classes, read(path, unlabelled=-1).n_classes) == (2, 1)
    path = table(tmp_path, "a,b,label", [["NA", "x", "y"] * 4])
    assert (read(path).n_classes, read(path, unlabelled="NA").notes) == (3, (note,))
    path = table(tmp_path, "a,b,label", [["", "x", "y"] * 4])
    assert read(path, unlabelled="").notes == (note,)
    assert "2 classes from 'label' (4 each)" in summary(read(path, unlabelled=""))


@pytest.mark.parametrize(
    ("way", "rows", "missing"),
    [
        ("drop-rows", [[1, 2], [9, 6]], "2 of 4 rows left out (missing values)"),
        ("drop-columns", [[2], [4], [6], [8]], "1 columns left out (missing values)"),
        ("mean", [[1, 2], [5, 4], [9, 6], [5, 8]], "replaced by the mean of their column: 'a' 2 (of 4 rows)"),
        ("median", [[1, 2], [5, 4], [9, 6], [5, 8]], "by the median of their column: 'a' 2 (of 4 rows)"),
    ],
)
def test_missing_values_are_dealt_with_as_asked(tmp_path, way, rows, missing):
    path = write(tmp_path, "a,b,label\n1,2,x\n,4,y\n9,6,x\nNA,8,y\n")
    data = read(path, missing=way)
    assert (data.samples.tolist(), len(data.truth)) == (rows, len(rows))
    assert missing in data.missing
    assert data.left_out == (("'a' (2 missing)",) if way == "drop-columns" else ())
    with pytest.raises(
        DataError, match=r"missing must be one of drop-rows, .*got 'means'\. Did you mean 'mean'"
    ):
        read(path, missing="means")
    with pytest.raises(DataError, match=r"would leave no row|would leave no column|has no values"):
        read(write(tmp_path, "a,label\n,x\n,y\n,x\n"), missing=way, drop=())


def test_text_becomes_columns_of_0_and_1_where_asked(tmp_path):
    path = table(tmp_path, "a,b,colour,label", [WORDS, CLASSES])
    data = read(path, one_hot="colour")
    assert (data.n_features, data.label) == (4, "label")
    assert data.samples[:2, 2:].tolist() == [[0, 1], [1, 0]]  # blue, red
    assert data.notes[0] == "'colour' as 2 columns of 0 and 1"
    with pytest.raises(DataError, match=r"no column 'color'.*Did you mean 'colour'"):
        read(path, one_hot="color")
