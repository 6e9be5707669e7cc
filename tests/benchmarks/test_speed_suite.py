"""The leaderboard of a suite of 76 datasets, 20 methods and 5 seeds, and the bookkeeping of its runs.

Times are those of the processor in this process, which other processes hardly change.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from suite_stores import suite_store

from harness.cli import main
from harness.core.suite import Suite
from harness.leaderboard.suite.build_suite import suite_boards
from harness.leaderboard.suite.load_suite import load_suite
from harness.leaderboard.suite.suite_markdown import suite_markdown
from harness.report.site.suite_page import suite_page
from harness.store.store import Store

DATASETS, METHODS, SEEDS = 76, 20, 5
GROUP = "the leaderboard of a suite, 7,600 runs"


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Suite]:
    folder = tmp_path_factory.mktemp("suite")
    store, suite = suite_store(folder, DATASETS, METHODS, SEEDS)
    store.close()
    return folder, suite


@pytest.mark.benchmark(group=GROUP, timer=time.process_time)
@pytest.mark.parametrize("what", ["json", "harness"])
def test_suite(benchmark: Any, what: str, large: tuple[Path, Suite]) -> None:
    folder, suite = large

    def parsed() -> int:
        return _parsed(folder)

    def drawn() -> int:
        store = Store(folder)
        boards = suite_boards(suite, load_suite(store, suite))
        text, page = suite_markdown(*boards), suite_page(boards)
        store.close()
        assert len(page) < 300_000
        assert text.count("\n| ") > DATASETS
        return len(boards[0].columns) * len(boards[0].methods) * SEEDS

    runs = benchmark.pedantic(parsed if what == "json" else drawn, rounds=3)
    assert runs >= DATASETS * METHODS * SEEDS


# A clusterer whose fits take no time worth measuring, so that what is measured is the harness.
CHEAP = """
from harness import hookimpl


class Cheap:
    def __init__(self, n_clusters=2, random_state=None, shift=0):
        self.n_clusters, self.random_state, self.shift = n_clusters, random_state, shift

    def get_params(self, deep=True):
        return dict(vars(self))

    def fit(self, X, y=None):
        self.labels_ = ((X[:, 0] * 1000).astype(int) + self.shift * (self.random_state + 1)) % self.n_clusters
        return self


@hookimpl
def clusterers():
    return {"cheap": Cheap}
"""
FEW, SHIFTS = 8, 10
RUNS = (FEW + FEW // 4) * SHIFTS * SEEDS  # every fourth dataset has a second reference
BOOKS = f"what a suite costs beside its stages, {RUNS} runs"


@pytest.fixture(scope="module")
def cheap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small datasets, and a plugin beside it."""
    folder, rng = tmp_path_factory.mktemp("books"), np.random.default_rng(0)
    (folder / "cheap.py").write_text(CHEAP)
    (folder / "mine").mkdir()
    for number in range(FEW):
        samples = rng.random((60, 2))
        np.savetxt(folder / "mine" / f"set{number}.data", samples)
        for reference in range(1 + (number % 4 == 0)):
            labels = (samples[:, reference] * 3).astype(int) + 1
            np.savetxt(folder / "mine" / f"set{number}.labels{reference}", labels, fmt="%d")
    return folder


@pytest.mark.benchmark(group=BOOKS, timer=time.process_time)
@pytest.mark.parametrize("what", ["cold", "json", "warm"])
def test_bookkeeping(benchmark: Any, what: str, cheap: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    methods = [word for shift in range(SHIFTS) for word in ("-c", f"cheap(shift={shift})")]
    monkeypatch.chdir(cheap)
    words = ["bench", "--suite", "mine", "--plugin", "cheap.py", *methods, "-m", "ari", "-m", "nmi"]
    monkeypatch.setattr("sys.argv", ["harness", *words, "--seeds", str(SEEDS), "--jobs", "1"])

    def run() -> int:
        """Plan all, compute what the store lacks, and write the leaderboards."""
        with pytest.raises(SystemExit) as stop:
            main()
        assert stop.value.code == 0
        return len(list((cheap / "leaderboard").glob("*.md"))) * SHIFTS * SEEDS

    def clear() -> None:
        if what == "cold":
            shutil.rmtree(cheap / ".harness", ignore_errors=True)

    rounds = 1 if what == "cold" else 3
    found = benchmark.pedantic(
        (lambda: _parsed(cheap / ".harness")) if what == "json" else run, setup=clear, rounds=rounds
    )
    assert found >= RUNS


def _parsed(folder: Path) -> int:
    """Parse all records and cells of a store, which is the least to be done."""
    database = sqlite3.connect(folder / "records.sqlite")
    bodies = database.execute("SELECT body FROM records UNION ALL SELECT body FROM cells")
    return sum(bool(json.loads(body)) for (body,) in bodies)
