"""Numbers as people write them: they are read exactly, or refused; never left out, and never classes."""

import numpy as np
import pytest

from harness import DataError
from harness.data import read

SMALL = [f"{n}.5" for n in range(12)]
KINDS = ["red", "blue"] * 6


def write(folder, cells, sep=",", small=SMALL, kinds=KINDS, name="toy.csv"):
    """Write twelve rows with a column of the cells; kinds=None leaves the label out."""
    path = folder / name
    columns = [small, cells, *([kinds] if kinds else [])]
    head = sep.join(["a", "b", "kind"][: len(columns)])
    path.write_text("\n".join([head, *(sep.join(row) for row in zip(*columns, strict=True))]) + "\n")
    return path


def amounts(form):
    return [form(1000.25 * (n + 1)) for n in range(12)]


EXPECTED = np.array([1000.25 * (n + 1) for n in range(12)], dtype=np.float32)
COMMAS = [cell.replace(".", ",") for cell in SMALL]


@pytest.mark.parametrize("labelled", [True, False])
@pytest.mark.parametrize(
    ("mark", "decimal", "sep"),
    [
        (".", ",", ";"),
        (" ", ",", ";"),
        ("\u202f", ",", ";"),
        ("'", ".", ";"),
        (",", ".", ","),
        (",", ".", "\t"),
    ],
)
def test_separated_thousands(tmp_path, mark, decimal, sep, labelled):
    def form(value):
        text = f"{value:,.2f}".replace(",", "T").replace(".", decimal).replace("T", mark)
        return f'"{text}"' if sep in text else text

    path = write(
        tmp_path, amounts(form), sep, COMMAS if decimal == "," else SMALL, KINDS if labelled else None
    )
    data = read(path)
    assert np.array_equal(data.samples[:, 1], EXPECTED)
    assert np.array_equal(data.samples[:, 0], np.array(SMALL, dtype=np.float32))
    assert f"'b': thousands separator {mark!r}" in data.notes


def test_whole_numbers_with_separated_thousands_beside_decimal_commas(tmp_path):
    cells = [f"{1000 + n}"[0] + "." + f"{1000 + n}"[1:] for n in range(12)]
    data = read(write(tmp_path, cells, ";", COMMAS))
    assert data.samples[:, 1].tolist() == [1000 + n for n in range(12)]


def test_a_mark_that_may_be_either_is_refused_or_told(tmp_path):
    cells = [f'"1,{n:03d}"' for n in range(12)]
    path = write(tmp_path, cells, small=[str(n % 5) for n in range(12)])
    with pytest.raises(DataError, match=r"got '1,000' in data row 1.*give the decimal mark with decimal="):
        read(path)
    assert read(path, decimal=".").samples[1, 1] == 1001
    assert read(path, decimal=",").samples[1, 1] == np.float32(1.001)
    points = write(tmp_path, [f"1.{n:03d}" for n in range(12)], ";", [str(n % 5) for n in range(12)], KINDS)
    assert any("if it separates thousands, give decimal=','" in note for note in read(points).notes)
    assert read(points, decimal=",").samples[1, 1] == 1001


@pytest.mark.parametrize("mark", ["?", "-", ".", "missing"])
@pytest.mark.parametrize("distinct", [True, False])
def test_marks_of_missing_values(tmp_path, mark, distinct):
    cells = [f"{n if distinct else n % 3}.25" for n in range(12)]
    path = write(tmp_path, [*cells[:11], mark])
    with pytest.raises(
        DataError, match=r"missing in 1 of 2 columns: 'b' 1 \(of 12 rows\), first in data row 12"
    ):
        read(path)
    data = read(path, missing="drop-rows")
    assert data.n_samples == 11
    assert f"'b': {mark!r} read as missing" in data.notes


def test_marks_are_names_among_the_labels(tmp_path):
    data = read(write(tmp_path, SMALL, kinds=["?", "NA", "red"] * 4))
    assert data.class_names == ("?", "NA", "red")


@pytest.mark.parametrize(
    "form", ["{}%", "${}", "{} EUR", "-{}?", "<{}", "{}cm", "\u2212{}", "({})", "{}D+01"]
)
@pytest.mark.parametrize("labelled", [True, False])
def test_numbers_with_marks_are_neither_identifiers_nor_classes(tmp_path, form, labelled):
    path = write(tmp_path, [form.format(f"{n}.25") for n in range(12)], kinds=KINDS if labelled else None)
    with pytest.raises(DataError, match=r"column 'b' must hold numbers.*Write plain numbers"):
        read(path)
    assert read(path, drop="b").n_features == 1


def test_a_few_cells_that_are_no_numbers_make_no_identifier(tmp_path):
    with pytest.raises(DataError, match=r"got 'oops' in data row 12 \(1 of 12 cells is not a number\)"):
        read(write(tmp_path, [f"{n}.25" for n in range(11)] + ["oops"]))


def test_dates_are_no_classes(tmp_path):
    days = [f"2024-01-{n // 6 + 10}" for n in range(12)]
    with pytest.raises(DataError, match="got '2024-01-10' in data row 1, a date or time"):
        read(write(tmp_path, days, kinds=None))


def test_text_without_a_header_that_is_distinct_in_every_row_is_left_out(tmp_path):
    path = tmp_path / "toy.data"
    path.write_text("".join(f"P{n},{n}.5,{KINDS[n]}\n" for n in range(12)))
    data = read(path)
    assert (data.n_features, data.label) == (1, "2")
    assert data.left_out == ("0 (text, distinct in every row)",)


def test_nameless_row_names_are_no_classes_in_a_small_table(tmp_path):
    path = tmp_path / "toy.csv"
    path.write_text(",s1,s2\nsl,1,2\nsw,3,4\npl,5,6\n")
    data = read(path)
    assert (data.truth, data.n_features) == (None, 2)


@pytest.mark.parametrize(
    "form",
    ["Jan {}, 2024", "{} January 2024", "{:02}-Jan-24", "Mon, {} Jan 2024 10:00", "2024-{:02}", "{}:30 PM"],
)
def test_dates_with_names_of_months_are_no_classes(tmp_path, form):
    path = write(tmp_path, [f'"{form.format(n // 3 + 1)}"' for n in range(12)], kinds=None)
    with pytest.raises(DataError, match="a date or time"):
        read(path)


@pytest.mark.parametrize("cells", [["Marketing 12", "Sales 12"], ["May", "June"], ["Mars 1", "Venus 1"]])
def test_words_that_begin_like_months_are_classes(tmp_path, cells):
    assert read(write(tmp_path, cells * 6, kinds=None)).class_names == tuple(sorted(cells))


def test_codes_that_begin_with_zero_are_told_and_can_be_left_out(tmp_path):
    file = tmp_path / "addresses.csv"
    file.write_text("zip,month,share,name\n01234,07,0.5,01\n00501,08,0.25,02\n10001,11,2,02\n")
    (note,) = (note for note in read(file, label="name").notes if "zeros" in note)
    assert note.startswith("'zip', 'month': read as numbers, without the zeros before them ('01234' is 1234)")
    line = note.rpartition(" with ")[2].strip('"')
    assert line == f"{file}(drop=[zip, month])"
    data = read(file, label="name", drop=["zip", "month"])
    assert data.samples.tolist() == [[0.5], [0.25], [2]]
    assert not any("zeros" in note for note in data.notes)


def test_codes_without_a_header_are_told_by_their_numbers(tmp_path):
    file = tmp_path / "rows.csv"
    file.write_text("".join(f"{n:03},{n}.5,7\n" for n in (5, 9, 120, 5)))
    (note,) = (note for note in read(file).notes if "zeros" in note)
    assert note.startswith("'0': read as numbers")


def test_codes_below_a_header_in_a_comment_are_told(tmp_path):
    file = tmp_path / "saved.csv"
    file.write_text("# zip,width\n01234,1.5\n00501,2.5\n")
    (note,) = (note for note in read(file).notes if "zeros" in note)
    assert note.startswith("'zip': read as numbers")
