"""The leaderboard of a suite of 76 datasets, 20 methods and 5 seeds, drawn from a store."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from suite_stores import suite_store

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


@pytest.mark.benchmark(group=GROUP)
@pytest.mark.parametrize("what", ["json", "harness"])
def test_suite(benchmark: Any, what: str, large: tuple[Path, Suite]) -> None:
    folder, suite = large

    def parsed() -> int:
        """Parse what the leaderboard is made of, which is the least to be done."""
        database = sqlite3.connect(folder / "records.sqlite")
        bodies = database.execute("SELECT body FROM records UNION ALL SELECT body FROM cells")
        return sum(bool(json.loads(body)) for (body,) in bodies)

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
