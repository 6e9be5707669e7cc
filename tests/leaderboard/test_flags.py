"""What a reader must know before rows are held against each other stands on the board, once."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harness import Dataset
from harness.cli import app
from harness.cli.board_table import show_board
from harness.core.board import Board
from harness.core.cell import Origin, cell_from_json, cell_to_json
from harness.execution.runner import run
from harness.leaderboard.board_columns import columns_of
from harness.leaderboard.build import load_board, plan_board
from harness.leaderboard.columns import MARKDOWN
from harness.leaderboard.flags import MEANINGS, flags, legend, shared
from harness.leaderboard.formats import FORMATS
from harness.leaderboard.markdown import markdown
from harness.leaderboard.table_cells import BoardTable
from harness.leaderboard.text import runs
from harness.planning.planner import make_plan
from harness.planning.plugin_answers import Answers
from harness.planning.request import Request
from harness.registry.in_process import InProcess
from harness.registry.registry import load_registry
from harness.report.site.answer import answer_of
from harness.store.store import Store

PCA = "sklearn.decomposition:PCA"

PLUGIN = '''"""Two that know something beforehand, and two that only look as if they did."""
import numpy as np
from harness import hookimpl
class Plain:
    def fit(self, X): return self
    def transform(self, X): return X
class Pretrained(Plain):
    pretrained = "ImageNet  |  21k"
class Augmented(Plain):
    augmentation = True
    pretrained = False
class Odd(Plain):
    def augmentation(self): "a method is no word of it"
    pretrained = 1.5
class Sizes:
    balanced = "hard"
    def __init__(self, n_clusters=3): self.n_clusters = n_clusters
    def get_params(self, deep=True): return {"n_clusters": self.n_clusters}
    def fit(self, X):
        self.labels_ = np.argsort(np.argsort(X[:, 0])) * 3 // len(X)
        return self
@hookimpl
def clusterers():
    return {"thirds": Sizes}
@hookimpl
def encoders():
    return {"plain": Plain, "resnet": Pretrained, "flips": Augmented, "odd": Odd}
'''
Draw = Callable[..., Board]


@pytest.fixture
def draw(tmp_path: Path, toy: Dataset) -> Draw:
    """Run on one store, and draw all that it has."""
    path = tmp_path / "mine.py"
    path.write_text(PLUGIN)
    store = Store(tmp_path / "store")

    def drawn(encoders: str, clusterers: str, **options: Any) -> Board:
        request = Request(encoders.split(), clusterers.split(), ["ari", "n-clusters"], **options)
        plan = make_plan(toy, "full", request, load_registry([path]), Answers(InProcess(), tmp_path))
        outcome = run(plan, store)
        assert plan_board(plan, outcome.records).rows
        return load_board(store, "toy.full")

    return drawn


def said(board: Board) -> dict[str, list[str]]:
    return {f"{row.encoder} {row.clusterer}": flags(row) for row in board.rows}


def test_prior_knowledge_is_said_by_the_class(draw: Draw) -> None:
    for _ in range(2):  # the second time from what was kept of the first
        board = draw("plain resnet flips+resnet odd", "kmeans", seeds=2)
        assert said(board) == {
            "plain kmeans": [],
            "odd kmeans": [],
            "resnet kmeans": ["pretrained: ImageNet | 21k"],
            "flips+resnet kmeans": ["augmentation", "pretrained: ImageNet | 21k"],
        }
    head, _, tables = markdown(board).partition("\n## ")
    assert MEANINGS["augmentation"] in head
    assert MEANINGS["pretrained"] in head
    assert "oracle" not in head
    assert "pretrained: ImageNet \\| 21k" in tables


def test_the_best_row_that_knows_no_sizes_is_named_beside_one_that_does(
    draw: Draw, capsys: pytest.CaptureFixture[str]
) -> None:
    board = draw("plain", "thirds kmeans", seeds=5)
    first, second = board.rows
    assert (first.clusterer, flags(first)) == ("thirds", ["balanced: hard"])
    mean = second.scores["ari"].mean
    text = f"Best row without prior knowledge of class sizes: plain + kmeans, ari {mean:.4f}"
    assert text in markdown(board)
    show_board(board)
    assert text.rsplit(" ", 1)[0] in capsys.readouterr().out.replace("\n", " ")
    found = answer_of(BoardTable(board, 3))
    assert found is not None
    assert "plain + kmeans" in found.without
    alone = replace(board, rows=[second])
    assert "prior knowledge of class sizes" not in markdown(alone)


def test_how_settings_were_chosen_is_kept_until_something_else_is_said(draw: Draw) -> None:
    assert said(draw("plain", "kmeans", seeds=3, settings="oracle"))["plain kmeans"] == ["oracle settings"]
    assert said(draw("plain", "kmeans", seeds=2))["plain kmeans"] == ["oracle settings"], "one cell is left"
    assert said(draw("plain", "kmeans", seeds=3))["plain kmeans"] == ["oracle settings"], "nothing was said"
    board = draw("plain", "kmeans", seeds=3, settings="none")
    assert [row.settings for row in board.rows] == ["none"]
    assert said(board)["plain kmeans"] == []


def test_no_key_depends_on_how_settings_were_chosen(toy: Dataset) -> None:
    plans = [
        make_plan(toy, "full", Request(["pca"], ["kmeans"], ["ari"], settings=each), load_registry())
        for each in ("none", "oracle")
    ]
    assert list(plans[0].stages) == list(plans[1].stages)
    first, second = (plan.cells[0] for plan in plans)
    assert (first.slot, first.identity) == (second.slot, second.identity)
    assert first.settings != second.settings


def test_single_seed_and_chosen_k(draw: Draw) -> None:
    board = draw("plain", "kmeans sklearn.cluster:Birch kmeans-silhouette(k_max=4)", seeds=1)
    assert said(board) == {
        "plain kmeans": ["single seed"],
        "plain sklearn.cluster:Birch": [],
        "plain kmeans-silhouette(k_max=4)": ["internal K", "single seed"],
    }
    assert shared(board.rows) == ["single seed"], "of those that have a seed"
    (column,) = (each for each in columns_of(BoardTable(board), MARKDOWN) if each.kind == "flags")
    assert sorted(column.texts) == ["", "", "internal K"]
    text = markdown(board)
    assert text.count("One seed only") == 1, "said once, in the header"


def test_a_flag_of_every_row_is_said_once(draw: Draw) -> None:
    text = markdown(draw("plain", "kmeans gmm", seeds=2, settings="oracle"))
    assert text.count("oracle settings") == 1
    assert MEANINGS["oracle settings"] in text
    assert "| flags" not in text


def test_other_formats_name_them_in_each_row(draw: Draw) -> None:
    board = draw("plain", "kmeans gmm", seeds=1, settings="internal")
    found = {name: write(board) for name, write in FORMATS.items()}
    lines = list(csv.DictReader(io.StringIO(found["csv"])))
    assert [line["flags"] for line in lines] == ["internal settings; single seed"] * 2
    assert json.loads(found["json"])[0]["rows"][0]["flags"] == ["internal settings", "single seed"]
    for name in ("html", "latex"):
        assert found[name].count("internal settings, single seed") == 2, name


def test_cells_that_one_alone_has_sent_are_unverified(draw: Draw, tmp_path: Path) -> None:
    assert not draw("plain", "kmeans gmm", seeds=2).rows[0].unverified, "nothing is said of one's own runs"
    store = Store(tmp_path / "store")
    one, two, unnamed = (Origin(name, "", "") for name in ("one", "two", "unnamed"))
    for cell in store.cells("toy.full"):
        several = cell.clusterer == "gmm" or cell.clusterer_seed == 0
        origins = (one, two, one) if several else (one, one, unnamed)
        store.put_cells([replace(cell, dataset="sent", origins=origins)])
    found = said(load_board(store, "sent.full"))
    assert found == {"plain kmeans": ["unverified"], "plain gmm": []}
    for cell in store.cells("sent.full"):
        store.put_cells([replace(cell, dataset="alone", origins=(one,))])
    alone = load_board(store, "alone.full")
    assert said(alone) == {"plain kmeans": [], "plain gmm": []}
    assert alone.computed_by == "Computed by one only; recompute the scores with harness verify"


def test_cells_of_older_stores_say_nothing(draw: Draw, tmp_path: Path) -> None:
    draw("resnet", "kmeans", seeds=2, settings="oracle")
    store = Store(tmp_path / "store")
    for cell in store.cells("toy.full"):
        body = cell_to_json(cell)
        older = {name: value for name, value in body.items() if name not in ("settings", "prior")}
        store.put_cells([replace(cell_from_json(older), dataset="old")])
    (row,) = load_board(store, "old.full").rows
    assert (row.settings, flags(row)) == ("", [])


def test_the_legend_explains_every_flag() -> None:
    assert list(legend(["unverified", "pretrained: x", "internal K"])) == [
        "internal K",
        "pretrained",
        "unverified",
    ]


@pytest.mark.usefixtures("few_digits", "one_process")
def test_the_command_line_notes_and_shows_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    call = "bench -e pca -c kmeans -c gmm -m ari --seeds 1 --settings oracle"
    assert app(call.split(), standalone_mode=False) == 0
    output = capsys.readouterr().out
    assert f"Every row: oracle settings: {MEANINGS['oracle settings']}." in output
    assert "One seed only" in output
    assert app(["bench", "-e", "pca", "-c", "gmm-bic(k_max=3)", "-m", "ari"], standalone_mode=False) == 0
    app(["leaderboard"], standalone_mode=False)
    shown = capsys.readouterr().out
    assert f"internal K: {MEANINGS['internal K']}." in shown
    assert len([line for line in shown.splitlines() if "  oracle settings" in line]) == 2


def test_a_written_seed_is_one_seed_and_no_certainty(toy: Dataset, tmp_path: Path) -> None:
    clusterers = ["kmeans(random_state=42)", "kmeans", "agglomerative", "fixed=gmm(random_state=1)"]
    request = Request(["identity", PCA, f"{PCA}(random_state=3)"], clusterers, ["ari"], seeds=3)
    store = Store(tmp_path / "store")
    run(make_plan(toy, "full", request, load_registry()), store)
    board = load_board(store, "toy.full")
    rows = {(row.encoder, row.clusterer): row for row in board.rows}
    told = {name: (flags(row), runs(row)) for name, row in rows.items() if name[0] != PCA}
    assert told == {
        ("identity", "kmeans(random_state=42)"): (["written seed"], "1"),
        ("identity", "kmeans"): ([], "3"),
        ("identity", "agglomerative"): ([], "deterministic"),
        ("identity", "fixed"): (["written seed"], "1"),
        (f"{PCA}(random_state=3)", "kmeans(random_state=42)"): (["written seed"], "1"),
        (f"{PCA}(random_state=3)", "kmeans"): (["written seed"], "3"),
        (f"{PCA}(random_state=3)", "agglomerative"): (["written seed"], "1"),
        (f"{PCA}(random_state=3)", "fixed"): (["written seed"], "1"),
    }
    assert [row.deterministic for row in board.rows].count(True) == 1
    seeds = [(each.encoder_seed, each.clusterer_seed) for each in rows["identity", "fixed"].values["ari"]]
    assert seeds == [(None, 1)], "as a run of that seed, so that no comparison takes it for the whole truth"
    assert not shared(board.rows)
