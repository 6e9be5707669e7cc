"""Published results are those of the list they came from, and never stand among rows that were measured."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli import app
from harness.core.board import Board, Metric, Row, Summary, Value
from harness.core.cell import DataFacts
from harness.core.errors import DataError
from harness.leaderboard.formats import FORMATS
from harness.leaderboard.markdown import markdown
from harness.leaderboard.published_results import GRADES, WARNING, _read, beside, load_references
from harness.registry.loading import load_plugin


def board(dataset: str = "fashion-mnist", protocol: str = "full", samples: int = 70_000) -> Board:
    scores = {"accuracy": Summary.of([0.5, 0.6]), "nmi": Summary.of([0.5, 0.7])}
    values = {name: [Value(None, 0, 0.5), Value(None, 1, 0.6)] for name in scores}
    row = Row("pca", "kmeans", "10 given", Summary.of([10]), False, scores, values, None, None, {"ok": 2}, [])
    data = DataFacts(samples, 784, 10, None, 60_000, None, "none", "MIT")
    metrics = [Metric(name, "higher", False, True) for name in scores]
    return Board(dataset, protocol, data, "0" * 64, metrics, [row], {}, None, {}, [], "2026-01-01")


def figures(dataset: str, method: str) -> list[str]:
    (found,) = (each for each in load_references()[dataset].entries if each.method == method)
    return [str(each) for each in (found.accuracy, found.nmi, found.ari) if each]


@pytest.mark.parametrize(
    ("dataset", "method", "expected"),
    [
        ("fashion-mnist", "k-means, raw", ["0.501 ± 0.032 (0.473 – 0.540)", "0.512", "0.359"]),
        ("fashion-mnist", "DEC", ["0.618", "0.651", "0.494"]),
        ("fashion-mnist", "AE + UMAP(10) + GMM", ["0.617 ± 0.033 (0.578 – 0.669)", "0.672", "0.504"]),
        ("fashion-mnist", "N2D as published", ["0.672", "0.684"]),
        ("fashion-mnist", "UMAP(10) on raw pixels + k-means", ["0.591 ± 0.006", "0.647", "0.489"]),
        ("fashion-mnist", "IDEC on a pretrained AE", ["0.536"]),
        ("mnist", "k-means, raw", ["0.532", "0.500", "0.365"]),
        ("mnist", "VaDE", ["0.806", "0.810", "0.732"]),
        ("mnist", "AE + UMAP(10) + GMM", ["0.950 ± 0.057", "0.934", "0.929"]),
        ("usps", "k-means, raw", ["0.67", "0.63"]),
        ("usps", "SPC", ["0.984"]),
    ],
)
def test_figures_are_as_published(dataset: str, method: str, expected: list[str]) -> None:
    assert figures(dataset, method) == expected


def test_every_entry_has_a_figure_a_grade_and_a_source() -> None:
    tables = load_references()
    assert {name: len(each.entries) for name, each in tables.items()} == {
        "fashion-mnist": 21,
        "mnist": 14,
        "usps": 10,
    }
    for table in tables.values():
        assert len({each.method for each in table.entries}) == len(table.entries)
        for each in table.entries:
            assert each.grade in GRADES
            assert each.source
            assert each.accuracy is not None


def test_samples_are_those_of_the_built_in_datasets() -> None:
    from harness.registry.registry import load_registry

    for name, table in load_references().items():
        info = load_plugin(load_registry().find("dataset", name)).info
        assert info.n_samples == table.samples


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (
            {"dataset": "digits"},
            "No published results for 'digits', only for fashion-mnist, mnist, usps",
        ),
        ({"protocol": "test"}, "use protocol full, this leaderboard test"),
        ({"samples": 1000}, "use 70,000 samples, this leaderboard 1,000"),
    ],
)
def test_what_does_not_fit_is_left_out_and_said(change: dict[str, Any], match: str) -> None:
    found, reason = beside(board(**change))
    assert not found
    assert match in reason
    assert match in markdown(board(**change), reference=True)
    for write in FORMATS.values():
        assert "GDL" not in write(board(**change), reference=True)


def test_markdown_has_them_last_and_none_bold() -> None:
    plain, text = markdown(board()), markdown(board(), reference=True)
    assert text.startswith(plain.rstrip("\n"))
    added = text[len(plain) :]
    assert added.strip().startswith("## Published results")
    assert "**" not in added
    assert WARNING in added
    assert "| GDL graph linkage" in added
    assert "| B " in added


def test_other_formats_keep_them_apart() -> None:
    found = {name: write(board(), reference=True) for name, write in FORMATS.items()}
    lines = list(csv.DictReader(io.StringIO(found["csv"])))
    assert [line["encoder"] for line in lines] == ["pca"] + [""] * 21
    assert {line["published_grade"] for line in lines[1:]} == set(GRADES)
    assert lines[0]["published"] == ""
    assert (lines[1]["published"], lines[1]["accuracy_max"]) == ("k-means, raw", "0.540")
    (known,) = json.loads(found["json"])
    assert len(known["rows"]) == 1
    assert known["published"][1]["accuracy"]["std"] == 0.026
    assert found["html"].count("<table") == 2
    assert found["latex"].count("tabular}") == 4
    assert all("GDL" not in write(board()) for write in FORMATS.values()), "only where they are wanted"


def test_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    bench = ["bench", "-e", "identity", "-c", "kmeans", "-m", "ari", "--seeds", "1"]
    assert CliRunner().invoke(app, bench, standalone_mode=False).return_value == 0
    shown = CliRunner().invoke(app, ["leaderboard", "--reference"], standalone_mode=False)
    assert "No published results for 'digits'" in shown.output


def test_table_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from harness.cli.board_table import show_published

    show_published(board())
    assert "GDL graph linkage" in (text := capsys.readouterr().out)
    assert WARNING in text


@pytest.mark.parametrize(
    "wrong",
    ['grade = "Z"', 'grade = "A"\naccuracy = {mean = 1.2}', 'grade = "A"\nauthor = "me"', ""],
)
def test_a_file_that_is_wrong_is_refused(wrong: str) -> None:
    head = 'dataset = "x"\nprotocol = "full"\nsamples = 3\n'
    good = '[[entries]]\nmethod = "m"\nsource = "s"\n'
    assert _read("x.toml", f'{head}{good}grade = "A"').entries[0].grade == "A"
    with pytest.raises(DataError, match=r"x\.toml"):
        _read("x.toml", f"{head}{good}{wrong}")


def test_digits_stay() -> None:
    (first, *_) = load_references()["fashion-mnist"].entries
    assert first.accuracy is not None
    assert first.accuracy.max == Decimal("0.540")
    assert str(first.accuracy.max) == "0.540"
