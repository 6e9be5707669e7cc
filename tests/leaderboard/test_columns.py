"""A column is one entry: every output that it names shows it, in the table's order, and no other does."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from boards import board, row, some_board

from harness.cli.board_table import _fitted, show_board
from harness.cli.fitting import fitting
from harness.core.errors import HarnessError
from harness.leaderboard import board_columns
from harness.leaderboard.board_columns import arranged, columns_of
from harness.leaderboard.columns import COLUMNS, COST, CSV, DETAILS, TERMINAL, Column, Output
from harness.leaderboard.formats import FORMATS, to_csv, to_latex, to_text
from harness.leaderboard.markdown import markdown, row_table
from harness.leaderboard.selection import select
from harness.leaderboard.table_cells import BoardTable
from harness.report.site import write_site

EVERYWHERE = ~Output(0)


@pytest.fixture
def add(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Add an entry at the end of the table."""

    def added(column: Column) -> None:
        monkeypatch.setattr(board_columns, "COLUMNS", (*COLUMNS, column))
        arranged.cache_clear()

    yield added
    monkeypatch.undo()
    arranged.cache_clear()


def shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """Every output of a board."""
    found = some_board()
    monkeypatch.setitem(os.environ, "COLUMNS", "300")
    show_board(found)
    page = write_site([found], tmp_path, title="x")[1].read_text()
    texts = {name: write(found) for name, write in FORMATS.items()}
    return {**texts, "text": to_text(found), "terminal": capsys.readouterr().out, "page": page}


def test_a_column_of_rows_is_shown_by_every_output(
    add: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(
        Column(
            "tries",
            lambda cell: sum(cell.row.statuses.values()),
            EVERYWHERE & ~DETAILS,
            "number",
            key="n_tries",
        )
    )
    texts = shown(tmp_path, capsys, monkeypatch)
    assert [line["n_tries"] for line in csv.DictReader(io.StringIO(texts["csv"]))] == ["2", "2", "1", "2"]
    assert [line["n_tries"] for line in json.loads(texts["json"])[0]["rows"]] == [2, 2, 1, 2]
    tables = [table for table in texts["markdown"].split("\n\n") if table.startswith("|")]
    assert ["tries" in table for table in tables] == [True, True, True, False], "scores, own space, cost"
    for name in ("latex", "html", "text", "terminal"):
        assert texts[name].count("tries") == 1, name
    place = re.search(r'data-c="(\d+)"[^>]*><button type="button">tries<', texts["page"])
    assert place is not None
    assert re.findall(rf'<td class="c{place[1]}">(\d)</td>', texts["page"]) == ["2", "2", "1", "2"]


def test_a_column_of_metrics_is_shown_by_every_output(
    add: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(
        Column(
            "reach",
            lambda cell: cell.summary and max(cell.scores) - min(cell.scores),
            EVERYWHERE & ~COST,
            "number",
            metrics=lambda board, metric: metric.name == "accuracy",
            hidden=True,
        )
    )
    texts = shown(tmp_path, capsys, monkeypatch)
    (first, *_, last) = csv.DictReader(io.StringIO(texts["csv"]))
    assert [float(first[f"{name}_reach"]) for name in ("accuracy", "ari")] == pytest.approx([0.1, 0.1])
    assert last["accuracy_reach"] == ""
    rows = json.loads(texts["json"])[0]["rows"]
    assert rows[0]["reachs"]["accuracy"] == pytest.approx(0.1)
    assert rows[-1]["reachs"] == {}
    for name in ("markdown", "latex", "html", "text"):
        assert (texts[name].count("reach"), texts[name].count("0.1000")) == (1, 2), name
    assert texts["terminal"].count("0.100") == 2, "with the digits of a terminal"
    picked = json.loads(texts["page"].split('id="picked">')[1].split("</script>")[0])
    (reach,) = [each for each in picked.values() if each["title"] == "reach"]
    assert reach["texts"][:2] == ["0.100", "0.100"]
    known = json.loads(
        zlib.decompress(b64decode(texts["page"].split('id="details">')[1].split("</script>")[0]))
    )
    place = known["parts"].index(["reach", "number"])
    lines = [*known["rows"][0]["scores"], *known["rows"][0]["seconds"]]
    assert [line[1 + place] for line in lines] == [0.1, 0.1, 0.1, None, None], "of scores, not of seconds"


@pytest.mark.parametrize("output", Output)
def test_every_output_can_be_arranged(output: Output) -> None:
    columns = arranged(output)
    names = [each.name for each in columns]
    assert len(set(names)) == len(names)
    assert {each.name for each in COLUMNS if output in each.outputs} == set(names)
    if output in DETAILS | COST:
        assert {each.metrics is None for each in columns} == {output == COST}, "these have one kind alone"


@pytest.mark.parametrize(
    ("output", "keys"),
    [
        (CSV, "runs status flags encode_seconds cluster_seconds mean std min max n median low high"),
        (TERMINAL, "runs mean encode_seconds cluster_seconds status flags"),
        (DETAILS, "n mean std min max"),
    ],
)
def test_a_column_stands_before_another_where_it_says_so(output: Output, keys: str) -> None:
    assert [each.key for each in arranged(output) if each.key in keys.split()] == keys.split()


def test_flags_of_every_row_are_no_column_for_readers() -> None:
    table = BoardTable(board([row("a", name, [0.5, 0.6], settings="oracle") for name in "bc"]))
    for output in Output:
        names = [each.title for each in columns_of(table, output)]
        assert ("flags" in names) == (output in Output.CSV | Output.JSON | Output.COMPACT), output


def test_a_narrow_terminal_drops_spread_before_metrics_and_names_what_is_missing() -> None:
    metrics = some_board().metrics
    columns = [_fitted(each, metrics) for each in columns_of(BoardTable(some_board(), digits=3), TERMINAL)]
    names = [each.title for each in columns]
    dropped: list[str] = []
    shortened: list[str] = []
    for width in range(300, 0, -1):
        kept, remark = fitting(columns, width)
        left = [each.title for each in kept]
        assert [name for name in names if name in left] == left
        gone = [name for name in names if name not in left]
        for name in gone:
            assert name in remark
        now = [each.title for each in kept if each.cells == each.short and each not in columns]
        shortened += [name for name in now if name not in shortened]
        dropped += [name for name in gone if name not in dropped]
        if "ari" in gone:
            assert "ari" in shortened, "its spread goes first"
    ranked = ["encode s", "cluster s", "flags", "ari"]
    assert [name for name in dropped if name in ranked] == ranked
    assert not {"encoder", "clusterer", "accuracy", "vs best"} & {*dropped}
    kept, remark = fitting(columns, 115)
    assert {"accuracy", "ari"} <= {each.title for each in kept}, remark
    assert "the spread of ari" in remark


def test_the_first_rows_of_a_board_are_compared_with_the_best_of_all() -> None:
    scores = [[0.9 - n / 20 + spread / 1000 for spread in (0, 1, -1, 2, -2)] for n in range(6)]
    found = board([row("a", f"c{n}", values) for n, values in enumerate(scores)])
    (line,) = [line for line in row_table(found, found.metrics[:1], 3).splitlines() if "| c2 " in line]
    cells = [cell.strip() for cell in line.split("|")]
    assert cells[1:] == ["a", "c2", "5", "0.800\xa0±\xa00.002", "worse\xa0-0.100", ""]
    assert "worse -0.1000 [" in markdown(found)
    last = select(found, rows=["* + c5"])
    assert "best" not in to_text(last).splitlines()[2]
    assert "worse -0.2500" in to_text(last)


def test_what_is_asked_for_is_shown() -> None:
    found = some_board()
    chosen = select(found, ["ari", "accuracy"], rows=["pca + *"], top=1)
    assert [each.name for each in chosen.metrics] == ["ari", "accuracy"]
    assert [each.encoder for each in chosen.rows] == ["pca"]
    heads = to_csv(chosen).splitlines()[0].split(",")
    assert not any(head.startswith("nmi") for head in heads)
    assert heads.index("ari_mean") < heads.index("accuracy_mean")
    with pytest.raises(
        HarnessError, match=r"has no row like 'umap \+ \*'\. Give 'encoder \+ clusterer' with \*"
    ):
        select(found, rows=["umap + *"])
    with pytest.raises(HarnessError, match=r"has no metric 'acuracy'\. Did you mean 'accuracy'"):
        select(found, ["acuracy"])


def test_latex_has_the_best_in_bold_and_decimals_below_each_other() -> None:
    rows = [row("a_b", "c", [0.8, 0.9]), row("d", "e", [0.7])]
    text = to_latex(board(rows))
    first, second = (line for line in text.splitlines() if line.endswith(r"\\") and "encoder" not in line)
    assert first.startswith(r"a\_b & c & ")
    assert r"\textbf{0.8500 $\pm$ 0.0707}" in first
    assert r"0.7000\phantom{ $\pm$ 0.0707}" in second
    assert text.count(r"\toprule") == text.count(r"\bottomrule") == 1
