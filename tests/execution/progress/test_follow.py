"""Plugins and the file of events are told of each step of a run, once and in order, and cannot harm it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harness.cli import app
from harness.leaderboard.build import load_board
from harness.store.store import Store

FOLLOW = """import json
from pathlib import Path
from harness import hookimpl
class Fails:
    def fit(self, X): raise ValueError("no")
class Declines:
    def fit(self, X):
        from harness import NotApplicable
        raise NotApplicable("not this")
class Flat:
    def fit(self, X): return self
    def transform(self, X): return X[:, 0]
@hookimpl
def encoders(): return {"flat": Flat}
@hookimpl
def clusterers(): return {"fails": Fails, "declines": Declines, "gone": "gone:Gone"}
def note(what, **facts):
    with Path("told.txt").open("a") as file: file.write(json.dumps([what, facts]) + "\\n")
@hookimpl
def run_started(plan): note("run_started", board=plan.board, cells=len(plan.cells))
@hookimpl
def stage_finished(progress): note("stage_finished", key=progress.stage.key, reused=progress.reused)
@hookimpl
def cell_finished(plan, cell, records):
    print("spoils no JSON")
    scores = [records[each.key].values["score"] for each in cell.scores.values() if each.key in records]
    note("cell_finished", number=[id(each) for each in plan.cells].index(id(cell)), keys=cell.keys,
         board=plan.board, names=[cell.encoder, cell.clusterer], status=cell.status(records)[0],
         records=list(records), scores=scores)
    records.clear()
@hookimpl
def run_finished(board): note("run_finished", board=board.name)
"""
STUMBLE = """import sys
from harness import hookimpl
@hookimpl
def run_started(plan): raise ValueError("oh")
@hookimpl
def stage_finished(progress): raise ValueError(progress.stage.key)
@hookimpl
def cell_finished(plan, cell, records): sys.exit(cell.encoder_seed)
@hookimpl
def run_finished(board): 1 / 0
"""
STATUSES = {
    ("pca", "kmeans"): "ok",
    ("pca", "fails"): "failed",
    ("pca", "declines"): "not-applicable",
    ("pca", "gone"): "unavailable",
    **{("pca+flat", name): "failed" for name in ("kmeans", "fails", "declines")},
    ("pca+flat", "gone"): "unavailable",
}
LINE = "bench -e pca -e pca+flat -c kmeans -c fails -c declines -c gone -m ari -m silhouette --seeds 2"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_digits: None, one_process: None) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    (tmp_path / "follow.py").write_text(FOLLOW)
    (tmp_path / "stumble.py").write_text(STUMBLE)
    (tmp_path / "gone.py").write_text("import no_such_package\nclass Gone: pass\n")
    return tmp_path


def bench(more: str, code: int = 1) -> Result:
    result = CliRunner().invoke(app, f"{LINE} {more}".split(), standalone_mode=False)
    assert result.exception is None, result.output
    assert result.return_value == code, result.output
    return result


def told() -> list[tuple[str, dict[str, Any]]]:
    """Read and forget what the plugin was told."""
    path = Path("told.txt")
    found = [json.loads(line) for line in path.read_text().splitlines()]
    path.unlink()
    return [(what, facts) for what, facts in found]


def check(found: list[tuple[str, dict[str, Any]]], reused: bool) -> None:
    """Check what is told of one board: each cell once, after its stages."""
    assert (found[0][0], found[-1]) == ("run_started", ("run_finished", {"board": "digits.full"}))
    stages = [facts["key"] for what, facts in found if what == "stage_finished"]
    assert len(stages) == len(set(stages))
    assert {facts["reused"] for what, facts in found if what == "stage_finished"} >= {reused}
    cells = [facts for what, facts in found if what == "cell_finished"]
    assert sorted(cell["number"] for cell in cells) == list(range(found[0][1]["cells"]))
    for place, (what, facts) in enumerate(found):
        if what == "cell_finished":
            before = {each["key"] for name, each in found[:place] if name == "stage_finished"}
            assert before >= set(facts["keys"]) >= set(facts["records"])
            assert facts["status"] == STATUSES[tuple(facts["names"])]
            assert len(facts["scores"]) == (2 if facts["status"] == "ok" else 0)
            assert bool(facts["records"]) == bool(facts["keys"])
    ended = Counter(tuple(cell["names"]) for cell in cells)
    assert ended.keys() == STATUSES.keys()
    assert ended["pca", "kmeans"] == 2


def test_each_cell_is_told_of_once_after_its_stages_whether_computed_or_reused(folder: Path) -> None:
    result = bench("--plugin follow.py --json")
    assert json.loads(result.stdout)[0]["rows"]
    check(told(), reused=False)
    bench("--plugin follow.py")
    check(told(), reused=True)


def test_the_status_of_a_cell_is_that_on_the_board(folder: Path) -> None:
    bench("--plugin follow.py")
    of_cells: dict[tuple[str, str], set[str]] = {}
    for what, facts in told():
        if what == "cell_finished":
            of_cells.setdefault(tuple(facts["names"]), set()).add(facts["status"])
    rows = load_board(Store(folder / ".harness"), "digits.full").rows
    assert {(row.encoder, row.clusterer): set(row.statuses) for row in rows} == of_cells


def test_hooks_that_fail_are_told_of_once_each_and_harm_nothing(folder: Path) -> None:
    bench("--plugin follow.py --out alone")
    check(told(), reused=False)
    result = bench("--plugin stumble.py --plugin follow.py --store another")
    notes = [line for line in result.stderr.splitlines() if "failed in" in line]
    assert len(notes) == 4
    for hook, note in zip(
        ("run_started", "cell_finished", "stage_finished", "run_finished"), notes, strict=True
    ):
        assert note.startswith(f"Note: file stumble.py failed in {hook}: ")
    check(told(), reused=False)
    assert "kmeans" in Path("leaderboard/digits.full.md").read_text()


def test_a_cell_event_for_each_cell(folder: Path) -> None:
    bench("--plugin follow.py --events events.jsonl")
    events = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    cells = [each for each in events if each["event"] == "cell"]
    assert len(cells) == events[0]["cells"]
    assert {(each["encoder"], each["clusterer"]): each["status"] for each in cells} == STATUSES
    for each in cells:
        assert each["board"] == "digits.full"
        assert bool(each["error"]) == (each["status"] != "ok")
        assert set(each["scores"]) == ({"ari", "silhouette"} if each["status"] == "ok" else set())
    assert sorted(each["seeds"] for each in cells if each["status"] == "ok") == [[None, 0], [None, 1]]
