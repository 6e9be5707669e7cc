"""How text tables of other programs are written: marks, comments, row names, separators at the end."""

import numpy as np
import pytest

from harness import DataError
from harness.data import read

VALUES = np.round(np.linspace(0.25, 9.75, 24), 2).reshape(12, 2)
KINDS = ["red", "blue"] * 6


def write(folder, text, name="toy.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def table(sep=",", decimal=".", first="a,b,kind", end="\n"):
    """Return a table of twelve rows as text."""
    rows = [
        [*(f"{cell}".replace(".", decimal) for cell in row), kind]
        for row, kind in zip(VALUES, KINDS, strict=True)
    ]
    lines = [first.replace(",", sep), *(sep.join(row) for row in rows)]
    return end.join(lines) + end


def check(data):
    assert np.array_equal(data.samples, VALUES.astype(np.float32))
    assert data.class_names == ("blue", "red")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_tables_with_a_byte_order_mark_as_excel_writes_them(tmp_path, encoding):
    data = read(write(tmp_path, table("\t"), encoding=encoding))
    check(data)
    assert data.notes == (("encoding utf-16",) if encoding == "utf-16" else ())


def test_another_encoding_is_advised_where_it_is_no_text(tmp_path):
    path = write(tmp_path, table(), encoding="utf-16-le")
    with pytest.raises(DataError, match="encoding='utf-16-le'"):
        read(path)
    check(read(path, encoding="utf-16-le"))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("sep=;\n" + table(";", ","), ""),
        ("# made in May\n# by us, twice\n" + table(), "2 lines of comments above the table skipped"),
        ("% made in May\n\n" + table(), "1 line of comments above the table skipped"),
        ("# " + table(" ", first="a,b,kind"), ""),
        ("# made in May\n# " + table(), "1 line of comments above the table skipped"),
    ],
)
def test_lines_above_the_table(tmp_path, text, note):
    data = read(write(tmp_path, text))
    check(data)
    assert (note in data.notes) if note else not any("comment" in each for each in data.notes)


def test_rows_that_begin_with_the_mark_of_comments_are_samples(tmp_path):
    text = "".join(f"{'#' if n < 9 else ''}c{n % 2},{n}.5,{n}\n" for n in range(12))
    assert read(write(tmp_path, text)).n_samples == 12


@pytest.mark.parametrize("row", ['"{}" {} {} "{}"', "{} {} {} {}"])
def test_row_names_without_a_name_above_them(tmp_path, row):
    lines = [
        row.format(n + 1, *cells, kind) for n, (cells, kind) in enumerate(zip(VALUES, KINDS, strict=True))
    ]
    data = read(write(tmp_path, "a b kind\n" + "\n".join(lines) + "\n", "toy.txt"))
    check(data)
    assert data.left_out == ("'Unnamed: 0' (distinct in every row)",)


def test_numbers_are_no_row_names(tmp_path):
    with pytest.raises(DataError, match="the first row has 2 cells, row 2 has 3"):
        read(write(tmp_path, "a,b\n5,1,4.9\n4,9,3.0\n"))


@pytest.mark.parametrize("first", ["a,b,kind", "a,b,kind,"])
def test_a_separator_at_the_end_of_each_row(tmp_path, first):
    text = table(end=",\n").replace("a,b,kind,\n", first + "\n")
    data = read(write(tmp_path, text))
    check(data)
    assert data.left_out == ("'Unnamed: 3' (empty)",)


def test_rows_of_separators_alone(tmp_path):
    data = read(write(tmp_path, table() + ",,\n,,\n"))
    check(data)
    assert data.notes == ("2 empty rows left out",)


@pytest.mark.parametrize("sep", [" , ", ", ", ",  "])
def test_blanks_around_separators(tmp_path, sep):
    check(read(write(tmp_path, table(sep))))


def test_quotes_hold_blanks_together(tmp_path):
    text = table(" ").replace("red", '"dark red"')
    assert read(write(tmp_path, text)).class_names == ("blue", "dark red")


def test_missing_cells_in_the_first_row_make_no_header(tmp_path):
    for mark in ("?", "NA", "N/A"):
        rows = "".join(f"{n},{n % 3}.5,{n % 2}\n" for n in range(5, 15))
        with pytest.raises(DataError, match=r"missing in 1 of 3 columns: '0' 1 \(of 11 rows\)"):
            read(write(tmp_path, f"{mark},1.5,0\n{rows}"))


@pytest.mark.parametrize("first", ["land,2000,2001,2002", "2000,2001,2002"])
def test_years_above_numbers_are_names_and_this_is_told(tmp_path, first):
    rows = "".join(
        f"{'c' if first[0] == 'l' else ''}{n},{n % 3},{n * 2}{',7' * (first[0] == 'l')}\n" for n in range(12)
    )
    data = read(write(tmp_path, f"{first}\n{rows}"), label=None)
    assert data.n_samples == 12
    assert any(note.startswith("header: the first row, with '200") for note in data.notes)
    if first[0] == "2":
        assert read(write(tmp_path, f"{first}\n{rows}"), label=None, header=False).n_samples == 13


def test_the_label_of_a_very_wide_table_is_read_as_text(tmp_path):
    wide = 20_000
    rows = "".join(f"{','.join(['0.5', *['1'] * wide])},0{n % 2 or ''}\n" for n in range(6))
    names = ",".join(f"gene{n:06d}" for n in range(wide + 1))
    assert read(write(tmp_path, f"{names},label\n{rows}")).class_names == ("0", "01")


@pytest.mark.parametrize("sep", [":", "~"])
def test_a_separator_that_is_not_found_is_asked_for(tmp_path, sep):
    path = write(tmp_path, table(sep, first="1.5,2.5,red"))
    with pytest.raises(DataError, match=f"no separator found.*sep='{sep}'"):
        read(path)
    assert read(path, sep=sep).n_samples == 13


def test_a_separator_at_the_end_of_each_row_without_a_header(tmp_path):
    text = table(end=",\n").partition("\n")[2]
    data = read(write(tmp_path, text))
    check(data)
    assert data.left_out == ("3 (empty)",)


def test_text_in_few_rows_without_a_header_is_not_an_identifier(tmp_path):
    assert read(write(tmp_path, "a,1.5\nb,2.5\nc,3.5\n")).class_names == ("a", "b", "c")
