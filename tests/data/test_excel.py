"""Excel workbooks: types of cells, sheets, headers, and what is said without openpyxl."""

import pandas as pd
import pytest

from harness import DataError
from harness.data import read

openpyxl = pytest.importorskip("openpyxl")


def save(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


ROWS = [["id", "width", "on", "species"], [7, 1.5, True, "01"], [3, 2, False, "1"], [9, 3, True, "01"]]


def test_a_sheet_is_a_table(tmp_path):
    data = read(save(tmp_path / "toy.XLSX", Sheet1=ROWS))
    assert data.samples.tolist() == [[1.5, 1], [2, 0], [3, 1]]
    assert (data.label, data.class_names, data.notes) == ("species", ("01", "1"), ())
    assert data.left_out == ("'id' (distinct in every row)",)


def test_the_first_sheet_is_read_and_the_others_are_named(tmp_path):
    path = save(tmp_path / "toy.xlsx", first=ROWS, second=[["a"], [1], [2]], third=[])
    assert "sheet 'first'; not read: 'second', 'third'" in read(path).notes
    assert read(path, sheet="second").n_features == read(path, sheet=1).n_features == 1
    with pytest.raises(
        DataError, match=r"no sheet 'secnd'\. Sheets: first, second, third\. Did you mean 'second'"
    ):
        read(path, sheet="secnd")
    with pytest.raises(DataError, match=r"sheet 'third' is empty\. Name another: \".*\(sheet=first\)\""):
        read(path, sheet="third")


def test_without_a_header(tmp_path):
    path = save(tmp_path / "toy.xlsx", data=[[1.5, 2.5, "x"], [3.5, 4.5, "y"]])
    data = read(path)
    assert (data.samples.tolist(), data.class_names) == ([[1.5, 2.5], [3.5, 4.5]], ("x", "y"))
    assert data.notes[0].startswith("no header")
    numbers = save(tmp_path / "numbers.xlsx", data=[[1, 2], [3, 4], [5, 6]])
    assert read(numbers, header=True).n_samples == 2


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["a", "b"], [1, 2], [None, 3]], r"'a' 1 \(of 2 rows\), first in data row 2"),
        ([["a", "b"], [1, 2], ["#DIV/0!", 3]], r"'a' 1 \(of 2 rows\), first in data row 2"),
        (
            [["a", "b"], [1, pd.Timestamp("2020-01-01")], [2, pd.Timestamp("2020-01-02")]],
            "'b' .*got 2020-01-01",
        ),
        ([], "sheet 'data' is empty"),
    ],
)
def test_bad_cells(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        read(save(tmp_path / "toy.xlsx", data=rows))


def test_damage_and_old_workbooks(tmp_path):
    path = save(tmp_path / "toy.xlsx", data=ROWS)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DataError, match=r"toy\.xlsx: not a readable workbook") as caught:
        read(path)
    assert "\n" not in str(caught.value)
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(DataError, match=r"unknown format \(\.xls\).*Save it as \.xlsx or \.csv\."):
        read(tmp_path / "old.xls")


def test_a_first_sheet_that_is_no_table_names_the_next(tmp_path):
    path = save(tmp_path / "toy.xlsx", info=[["about"], ["read me"], ["please"]], data=ROWS)
    with pytest.raises(DataError, match=r"first sheet, 'info'\. Name another: \".*\(sheet=data\)\""):
        read(path)
    assert read(path, sheet="data").label == "species"


def test_labels_of_two_types_are_shown(tmp_path):
    path = save(tmp_path / "toy.xlsx", data=[["a", "label"], [1, 1], [2, 2], [3, "1a"], [4, 1]])
    with pytest.raises(DataError, match=r"all numbers or all strings, got 1 \(int\) and '1a' \(str\)"):
        read(path)
