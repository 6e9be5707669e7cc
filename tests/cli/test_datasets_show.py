"""`harness datasets show`: each column of a file, what is done with it, and how to change it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

Call = Callable[..., tuple[int, str, str]]

TABLE = "id,height,city,species\n1,1.5,x,a\n2,1.6,x,b\n3,,y,a\n4,1.2,z,b\n"


def test_each_column_and_what_is_done_with_it(tmp_path: Path, command_line: Call) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text(TABLE)
    text = command_line("datasets", "show", f"{path}(drop=city, missing=mean)")[1]
    first, *lines = text.splitlines()
    assert first == (
        "flowers.csv: 4 samples x 1 feature, 2 classes from 'species' (2 each); left out: 'city' (by drop), "
        "'id' (distinct in every row); missing values replaced by the mean of their column: "
        "'height' 1 (of 4 rows)"
    )
    cells = {line.split()[0]: " ".join(line.split()[1:]) for line in lines[2:6]}
    assert cells == {
        "id": "integer 1 4 4 left out (distinct in every row)",
        "height": "number 1.2 1.6 1 3 feature",
        "city": "text x z 3 left out (by drop)",
        "species": "text a b 2 label (by its name)",
    }
    assert f'missing values: "{path}(missing=mean)", or median, drop-rows, drop-columns' in lines


def test_a_file_that_is_refused_is_shown_too(tmp_path: Path, command_line: Call) -> None:
    path = tmp_path / "flowers.csv"
    path.write_text(TABLE)
    code, output, errors = command_line("datasets", "show", str(path))
    assert (code, f'"{path}(one_hot=city)"' in errors) == (2, True)
    assert "height number 1.2 1.6 1 3 ?" in " ".join(output.split())
    plain = json.loads(command_line("datasets", "show", str(path), "--json")[1])
    assert plain["error"].startswith(f"{path}: column 'city' must hold numbers")
    assert [column["name"] for column in plain["columns"]] == ["id", "height", "city", "species"]


def test_long_names_columns_without_gaps_and_notes(tmp_path: Path, command_line: Call) -> None:
    path = tmp_path / "my flowers (1).csv"
    path.write_text("a_name_of_very_many_letters_17,b,label\n1,5000,x\n1.5,9000,y\n1,7000,x\n")
    lines = command_line("datasets", "show", f"{path}(label=label)")[1].splitlines()
    assert "; features differ" not in lines[0], "notes have lines of their own"
    assert "missing" not in lines[1]
    assert lines[3].split()[:2] == ["a_name_of_v…y_letters_17", "number"]
    assert any(line.startswith("note: features differ in spread: 'b'") for line in lines)
    assert f'leave a column out: "{path}(drop=NAME)"' in lines
    assert not any("keep=" in line for line in lines), "nothing is left out"


def test_arrays_and_images(tmp_path: Path, command_line: Call) -> None:
    np.save(tmp_path / "a.npy", np.arange(120.0).reshape(2, 60))
    text = command_line("datasets", "show", str(tmp_path / "a.npy"))[1]
    assert "... and 20 more columns: --json has all." in text
    plain = json.loads(command_line("datasets", "show", "digits", "--json")[1])
    assert plain["columns"] == [
        {"name": "pixels", "kind": "number", "low": "0", "high": "1", "missing": 0, "distinct": 17}
        | {"role": "feature", "reason": ""}
    ]
    assert (plain["scaling"], plain["dtype"], plain["n_classes"]) == ("divided by 16", "float32", 10)


def test_what_cannot_be_read_at_all_is_one_line(tmp_path: Path, command_line: Call) -> None:
    code, output, errors = command_line("datasets", "show", str(tmp_path / "none.csv"))
    assert (code, output, len(errors.splitlines())) == (2, "", 1)
