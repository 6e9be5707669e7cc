"""Estimated scores: their standard error is shown in every format, published, and recomputed bit for bit."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lasting import lasting
from press import Lines, Press

from harness.core.board import Board
from harness.leaderboard.build import load_board
from harness.leaderboard.formats import to_csv, to_html, to_json, to_latex
from harness.leaderboard.markdown import markdown
from harness.store.store import Store

Call = Callable[..., tuple[int, str, str]]
NAME = "silhouette-estimate(sample=20)"
SEVERAL = r"0\.\d{4} ± 0\.\d{4} \(± 0\.\d{4} est\.\)"  # mean, spread over seeds, standard error
ONE = r"0\.\d{4} ± 0\.\d{4} est\."


@pytest.fixture(scope="module")
@lasting()
def press(tmp_path_factory: pytest.TempPathFactory) -> Press:
    found = Press(tmp_path_factory.mktemp("estimates"))
    found.store("store", "identity", "kmeans birch", protocols=("full",), metrics=("ari", "silhouette", NAME))
    return found


@pytest.fixture
def store(press: Press) -> Store:
    return Store(press.folder / "store")


@pytest.fixture
def board(store: Store) -> Board:
    return load_board(store, "toy.full")


def test_records_have_the_standard_error_and_others_none(store: Store) -> None:
    scores = [record for record in store.records() if record.kind == "score"]
    estimated = [each for each in scores if each.facts["code"]["plugin"].endswith("silhouette_estimate")]
    assert {each.key for each in scores if "standard_error" in each.values} == {
        each.key for each in estimated
    }
    assert all(0 < each.values["standard_error"] < 0.2 for each in estimated)


def test_tables_show_it_beside_the_score(board: Board) -> None:
    for text in (markdown(board), to_html(board)):
        assert re.search(SEVERAL, text)
        assert re.search(ONE, text)
    assert "its standard error, not a spread over seeds" in markdown(board)
    latex = to_latex(board)
    assert re.search(ONE.replace("±", r"\$\\pm\$"), latex)


def test_programs_read_it_as_a_number(board: Board) -> None:
    rows = {row.clusterer: row.standard_errors[NAME] for row in board.rows}
    found = {row["clusterer"]: row for row in csv.DictReader(io.StringIO(to_csv(board)))}
    for clusterer, error in rows.items():
        assert float(found[clusterer][f"{NAME}_standard_error"]) == error
        assert "estimated" in found[clusterer]["flags"]
        assert "silhouette_standard_error" not in found[clusterer], "only of what is estimated"
    (told,) = json.loads(to_json(board))
    assert {row["clusterer"]: row["standard_errors"] for row in told["rows"]} == {
        clusterer: {NAME: error} for clusterer, error in rows.items()
    }


def test_the_command_line_shows_it(press: Press, command_line: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(press.folder)
    _, out, _ = command_line("leaderboard", "toy.full", "--store", "store")
    assert re.search(r"0\.\d{3} ± 0\.\d{3} est\.", out)
    assert "estimated: a score marked est." in out
    code, out, err = command_line("show", "identity + kmeans", "--store", "store")
    assert code == 0, err
    assert re.search(ONE, out)
    assert re.search(SEVERAL, out)


def test_pages_show_it(press: Press, command_line: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(press.folder)
    code, _, err = command_line("report", "--store", "store", "--no-pictures")
    assert code == 0, err
    pages = {page.relative_to("report"): page.read_text() for page in Path("report").rglob("*.html")}
    showing = [page for page, text in pages.items() if re.search(ONE, text)]
    kinds = {re.sub("-[0-9a-f]{12}", "", page.stem) for page in showing}
    assert {"cell", "encoder-identity"} <= kinds, f"of {[*pages]} only {showing}"
    assert "its standard error, not a spread over seeds" in pages[Path("toy.full.html")]


def test_verification_recomputes_it_bit_for_bit(press: Press, store: Store) -> None:
    folder = press.publish(store, "published")
    assert press.verify(folder).found == []
    for forge in (
        lambda values: values.update(standard_error=0.001),
        lambda values: values.pop("standard_error"),
    ):
        lines = Lines(press.publish(store, "forged"))
        forge(next(line["values"] for line in lines.of("silhouette_estimate") if "values" in line))
        lines.write()
        wrong = [found.what for found in press.verify(press.folder / "forged").of("wrong")]
        assert any("has the standard error" in what for what in wrong), wrong
