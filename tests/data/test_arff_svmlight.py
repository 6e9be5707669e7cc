"""ARFF tables and svmlight text."""

import gzip

import numpy as np
import pytest
from sklearn.datasets import dump_svmlight_file

from harness import DataError
from harness.data import read

ARFF = """% a comment
@relation toy
@attribute width numeric
@attribute 'petal length' real
@attribute {name} {{{values}}}
@data
1.5,2,{first}
2.5,3,{second}
3.5,4,{first}
"""


def arff(path, name="class", values="a,b", first="a", second="b", **more):
    path.write_text(ARFF.format(name=name, values=values, first=first, second=second), **more)
    return path


@pytest.mark.parametrize("quote", ["'", '"'])
def test_quoted_values_of_nominal_attributes(tmp_path, quote):
    word = f"{quote}fir tree{quote}"
    data = read(arff(tmp_path / "toy.arff", values=f"rose,{word}", first="rose", second=word))
    assert (data.class_names, data.truth.tolist()) == (("fir tree", "rose"), [1, 0, 1])


@pytest.mark.parametrize(
    ("name", "values", "names"),
    [("class", "a,b", ("a", "b")), ("Outcome", "0,1", ("0", "1")), ("kind", "01,1", ("01", "1"))],
)
def test_the_nominal_attribute_is_the_label(tmp_path, name, values, names):
    first, second = values.split(",")
    data = read(arff(tmp_path / "toy.arff", name, values, first, second))
    assert (data.samples.tolist(), data.class_names) == ([[1.5, 2], [2.5, 3], [3.5, 4]], names)
    assert (data.label, data.notes) == (name, ())
    assert read(tmp_path / "toy.arff", label=None, drop=name).n_features == 2


def test_nominal_attributes_beside_the_label(tmp_path):
    path = tmp_path / "toy.arff"
    text = (
        "@relation t\n@attribute a {0,1}\n@attribute b {x,y}\n@attribute class {p,q}\n@data\n0,x,p\n1,y,q\n"
    )
    path.write_text(text)
    with pytest.raises(
        DataError, match=r"column 'b' must hold numbers, got 'x' in data row 1\. .*\(drop=b\)"
    ):
        read(path)
    data = read(path, drop="b")
    assert (data.samples.ravel().tolist(), data.label) == ([0, 1], "class")
    assert data.notes == ("nominal attributes read as numbers: a",)


def test_missing_values_are_named(tmp_path):
    arff(tmp_path / "toy.arff", first="?", second="b")
    with pytest.raises(DataError, match=r"'class': every sample needs a label, got none in row 0"):
        read(tmp_path / "toy.arff")
    assert read(tmp_path / "toy.arff", unlabelled="").truth.tolist() == [-1, 0, -1]
    (tmp_path / "toy.arff").write_text("@relation t\n@attribute a real\n@attribute b real\n@data\n1,2\n?,3\n")
    with pytest.raises(DataError, match=r"'a' 1 \(of 2 rows\), first in data row 2"):
        read(tmp_path / "toy.arff")


def test_arff_is_read_packed_and_in_two_encodings(tmp_path):
    for encoding in ("utf-8", "cp1252"):
        path = arff(tmp_path / "toy.arff", values="ä,b", first="ä", encoding=encoding)
        (tmp_path / "toy.arff.gz").write_bytes(gzip.compress(path.read_bytes()))
        assert read(tmp_path / "toy.arff.gz").class_names == ("b", "ä")


@pytest.mark.parametrize(
    "text",
    [
        "@relation t\n@attribute a string\n@data\nword\n",
        "@relation t\n@attribute a real\n@data\n{0 1.5}\n",
        "@relation t\n@attribute a {x,y}\n@attribute b real\n@data\nz,1\n",
        "@relation t\n@attribute a real\n@attribute b real\n@data\n1\n",
        "@relation t\n@attribute a real\n@data\nred\n",
        "not arff",
        "",
    ],
)
def test_what_cannot_be_read_is_one_line(tmp_path, text):
    (tmp_path / "toy.arff").write_text(text)
    with pytest.raises(DataError, match=r"toy\.arff: ") as caught:
        read(tmp_path / "toy.arff")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["toy.svmlight", "toy.libsvm", "toy.svm", "toy.txt", "toy.data"])
@pytest.mark.parametrize("zero_based", [True, False])
def test_svmlight_is_told_by_name_or_content(tmp_path, name, zero_based):
    X, y = np.array([[0.5, 0, 2], [0, 1, 0], [1, 0, 0]]), [1, -1, 1]
    dump_svmlight_file(X, y, str(tmp_path / name), zero_based=zero_based)
    data = read(tmp_path / name)
    assert (data.samples.tolist(), data.class_names) == (X.tolist(), ("-1", "1"))
    assert "sparse, converted to dense" in data.notes
    assert read(tmp_path / name, label=None).truth is None


def test_svmlight_packed_with_queries_and_comments(tmp_path):
    text = "# made by hand\n3 qid:1 1:0.5 2:1 # one\n2 qid:1 2:1e-3\n3 qid:2 1:1 2:1\n"
    (tmp_path / "toy.txt.gz").write_bytes(gzip.compress(text.encode()))
    data = read(tmp_path / "toy.txt.gz")
    assert data.samples.tolist() == np.array([[0.5, 1], [0, 1e-3], [1, 1]], dtype=np.float32).tolist()
    assert data.left_out == ("'qid' (query identifiers)",)


@pytest.mark.parametrize("text", ["1 1:a\n2 1:2\n", "1 2:1 1:1\n", "", "word 1:2\n"])
def test_bad_svmlight_is_one_line(tmp_path, text):
    (tmp_path / "toy.svm").write_text(text)
    with pytest.raises(DataError, match=r"toy\.svm: ") as caught:
        read(tmp_path / "toy.svm")
    assert "\n" not in str(caught.value)


def test_a_table_of_times_is_no_svmlight(tmp_path):
    (tmp_path / "toy.txt").write_text("1 2 0:5\n3 4 0:6\n")
    with pytest.raises(DataError, match="0:5"):
        read(tmp_path / "toy.txt", drop=0, label=None)


def test_options_of_other_formats_are_refused(tmp_path):
    (tmp_path / "toy.svm").write_text("1 1:2\n2 1:3\n")
    with pytest.raises(DataError, match=r"unknown option 'sep' for this format. Options: label\."):
        read(tmp_path / "toy.svm", sep=";")
    with pytest.raises(DataError, match=r"labels are the first number of each line, got label='a'"):
        read(tmp_path / "toy.svm", label="a")
