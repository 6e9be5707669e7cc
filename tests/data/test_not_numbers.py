"""Columns that are not numeric: all are named, and the lines to type work."""

import pytest

from harness import DataError
from harness.data import read


def table(folder, text):
    path = folder / "toy.csv"
    path.write_text(text)
    return path


def test_columns_that_are_not_numbers_are_named_together(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{n},{'xy'[n % 2]},{'uv'[n % 2]},{'pq'[n % 2]},{n % 3}\n" for n in range(12))
    path = table(tmp_path, "a,b,c,d,label\n" + rows).name
    with pytest.raises(DataError) as refused:
        read(path)
    assert str(refused.value) == (
        "toy.csv: column 'b' must hold numbers, got 'x' in data row 1; columns 'c', 'd' are not numeric "
        "either. "
        'Leave them out: "toy.csv(drop=[b, c, d])"; use \'b\' as the label: "toy.csv(label=b, '
        'drop=[label, c, d])"; '
        'or convert them to columns of 0 and 1: "toy.csv(one_hot=[b, c, d])".'
    )
    assert read(path, drop=["b", "c", "d"]).label == "label"
    assert read(path, label="b", drop=["label", "c", "d"]).n_features == 1
    assert read(path, one_hot=["b", "c", "d"]).n_features == 7


def test_the_line_to_type_repeats_the_options_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = "".join(f"{n},{'xy'[n % 2]},{'uv'[n % 2]},{n % 3}\n" for n in range(12))
    path = table(tmp_path, "a,b,c,grade\n" + rows).name
    with pytest.raises(DataError, match=r'"toy.csv\(label=grade, drop=\[b, c\]\)"'):
        read(path, label="grade", drop="b")
    assert read(path, label="grade", drop=["b", "c"]).label == "grade"


@pytest.mark.parametrize("top", ["My table,,\n\na,b,label\n", "a,b,label\n[mm],[mm],[-]\n"])
def test_titles_and_units_above_the_data_are_named_as_such(tmp_path, top):
    path = table(tmp_path, top + "".join(f"{n}.5,{n}.25,{'uv'[n % 2]}\n" for n in range(12)))
    with pytest.raises(DataError, match="If the first rows are titles or units, remove them"):
        read(path)
