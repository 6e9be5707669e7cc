"""Folders of text tables: splits, and what is refused."""

import gzip

import pytest

from harness import DataError
from harness.data import read


def write(folder, **tables):
    for name, text in tables.items():
        path = folder / f"{name}.csv"
        path.write_text(text)


TRAIN, TEST = "a,b,label\n1,2,x\n3,4,y\n5,6,x\n", "a,b,label\n7,8,y\n9,10,x\n"


def test_a_train_and_a_test_table_are_a_split(tmp_path):
    write(tmp_path, train=TRAIN, val=TEST, README="hello")
    (tmp_path / "plots").mkdir()
    (tmp_path / "my_test.CSV.gz").write_bytes(gzip.compress(TEST.encode()))
    data = read(tmp_path)
    assert (data.n_train, data.samples[:, 0].tolist()) == (3, [1, 3, 5, 7, 9])
    assert data.truth.tolist() == [0, 1, 0, 1, 0]
    assert data.left_out == (
        "'val.csv' (validation part)",
        "'README.csv' (neither train nor test)",
        "'plots' (not a table)",
    )


def test_options_are_those_of_tables(tmp_path):
    write(tmp_path, train=TRAIN, test=TEST)
    data = read(tmp_path, drop="a")
    assert (data.n_features, data.label) == (1, "label")
    with pytest.raises(DataError, match="unknown option 'dorp'"):
        read(tmp_path, dorp="a")


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("b,a,label\n7,8,y\n9,1,x\n", "same columns in the same order, got 'a' and 'b' in place 0"),
        ("a,b,class\n7,8,y\n9,1,x\n", "label of the train part is 'label', of the test part 'class'"),
        ("a,b\n7,8\n9,1\n", "label of the train part is 'label', of the test part 'none'"),
        ("a,b,c,label\n7,8,1,y\n9,1,2,x\n", "must have one shape"),
    ],
)
def test_parts_that_differ_are_refused(tmp_path, test, message):
    write(tmp_path, train=TRAIN, test=test)
    with pytest.raises(DataError, match=message):
        read(tmp_path)


@pytest.mark.parametrize("names", [("train",), ("one", "two"), ("train", "train_2", "test"), ("test", "val")])
def test_other_tables_are_refused_with_the_line_to_type(tmp_path, names):
    write(tmp_path, **dict.fromkeys(names, TRAIN))
    with pytest.raises(DataError, match=r"one table named train and one named test, got .*: .*csv"):
        read(tmp_path)
