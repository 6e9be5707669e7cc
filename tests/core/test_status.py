"""How a cell ended is the same answer everywhere: hooks, events, boards, data frames, exit codes."""

from __future__ import annotations

import json
import sys
from importlib import invalidate_caches
from pathlib import Path

import pytest
from click.testing import CliRunner

import harness
from harness import Dataset
from harness.cli import app
from harness.leaderboard.build import load_board, plan_board
from harness.store.store import Store

PLUGIN = """
import json
import sys
from importlib import invalidate_caches
from pathlib import Path
from harness import NotApplicable, hookimpl, metric

told = {"direction": "higher", "low": 0, "high": 1, "needs": (), "source": "test"}
@metric(**told)
def fine(truth, labels, embedding): return 1.0
@metric(**told)
def late(truth, labels, embedding):
    import no_such_package
    return 1.0
@metric(**told)
def declines(truth, labels, embedding): raise NotApplicable("not this")
@metric(**told)
def breaks(truth, labels, embedding): raise ValueError("oh")
@hookimpl
def metrics(): return {"fine": fine, "late": late, "declines": declines, "breaks": breaks}
@hookimpl
def cell_finished(plan, cell, records):
    Path("told.json").write_text(json.dumps(cell.status(records)))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    Path("scores.py").write_text(PLUGIN)


@pytest.mark.parametrize(
    ("metrics", "status", "notes"),
    [
        ("fine", "ok", []),
        ("fine late", "ok", ["late unavailable: needs no_such_package: pip install no_such_package"]),
        ("declines fine", "ok", ["declines not-applicable: not this"]),
        ("late", "unavailable", ["unavailable: needs no_such_package: pip install no_such_package"]),
        ("declines", "not-applicable", ["not-applicable: not this"]),
        ("fine late breaks", "failed", ["failed in score: ValueError: oh"]),
    ],
)
def test_one_answer(toy: Dataset, metrics: str, status: str, notes: list[str]) -> None:
    options = {"plugins": ["scores.py"], "jobs": 0, "seeds": 1, "progress": False}
    result = harness.bench(toy, "identity", "kmeans", metrics.split(), **options)  # type: ignore[arg-type]
    assert json.loads(Path("told.json").read_text())[0] == status
    assert result.to_pandas()["status"].tolist() == [status]
    (done,) = result.runs
    drawn, stored = plan_board(done.plan, done.records), load_board(Store(result.store), "toy.full")
    for board in (drawn, stored):
        assert [(dict(row.statuses), row.notes) for row in board.rows] == [({status: 1}, notes)]
        assert [metric.name for metric in board.metrics] == metrics.split()


def test_what_was_unavailable_is_tried_again(toy: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    options = {"plugins": ["scores.py"], "jobs": 0, "seeds": 1, "progress": False}
    monkeypatch.syspath_prepend(Path.cwd())
    for status in ("unavailable", "ok"):
        result = harness.bench(toy, "identity", "kmeans", ["late"], **options)  # type: ignore[arg-type]
        (row,) = load_board(Store(result.store), "toy.full").rows
        assert dict(row.statuses) == {status: 1}
        Path("no_such_package.py").touch()
        invalidate_caches()
    assert row.notes == []
    del sys.modules["no_such_package"]  # or else the next test has it


def test_a_row_keeps_the_scores_that_it_has(toy: Dataset) -> None:
    options = {"plugins": ["scores.py"], "jobs": 0, "seeds": 1, "progress": False}
    for metric in ("fine", "late"):
        result = harness.bench(toy, "identity", "kmeans", [metric], **options)  # type: ignore[arg-type]
    (row,) = load_board(Store(result.store), "toy.full").rows
    assert (dict(row.statuses), row.scores.keys()) == ({"ok": 1}, {"fine"})
    assert row.notes == ["late unavailable: needs no_such_package: pip install no_such_package"]


@pytest.mark.parametrize(("metrics", "code", "status"), [("fine late", 0, "ok"), ("late", 1, "unavailable")])
def test_exit_code_and_events(metrics: str, code: int, status: str) -> None:
    words = [
        "bench",
        "-e",
        "identity",
        "-c",
        "kmeans",
        "--seeds",
        "1",
        "--plugin",
        "scores.py",
        "--events",
        "events.jsonl",
    ]
    words += [word for name in metrics.split() for word in ("-m", name)]
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert (result.exception, result.return_value) == (None, code), result.output
    events = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    assert [each["status"] for each in events if each["event"] == "cell"] == [status]
    assert "needs no_such_package" in result.stdout, "the leaderboard reports why"
