"""What is paid for a command that has next to nothing to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.core.cell import cell_from_json, cell_to_json
from harness.core.record import Record
from harness.core.threads import variables
from harness.store.store import Store

WARM = "harness bench --all, nothing to do"
COMMANDS = {
    "numpy and pandas": ["-c", "import numpy, pandas"],
    "click": ["-c", "import click"],
    "--help": ["-m", "harness", "--help"],
    WARM: ["-m", "harness", "bench", "--all", "--seeds", "1"],
}
FEW = [
    "-m",
    "harness",
    "bench",
    "-e",
    "identity",
    "-c",
    "kmeans",
    "-m",
    "accuracy",
    "-m",
    "ari",
    "--seeds",
    "5",
]


def call(words: list[str], folder: Path) -> None:
    environment = {**os.environ, **variables(1)}
    subprocess.run([sys.executable, *words], cwd=folder, env=environment, check=True, capture_output=True)


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("warm")
    call(COMMANDS[WARM], folder)
    return folder


@pytest.mark.parametrize("what", ["numpy and pandas", WARM])
def test_warm(benchmark: Any, what: str, warm: Path) -> None:
    benchmark.group = "a bench with nothing to do"
    benchmark.pedantic(call, (COMMANDS[what], warm), rounds=10, warmup_rounds=1)


@pytest.mark.parametrize("what", ["click", "--help"])
def test_help(benchmark: Any, what: str, tmp_path: Path) -> None:
    benchmark.group = "help"
    benchmark.pedantic(call, (COMMANDS[what], tmp_path), rounds=20, warmup_rounds=1)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 10,000 records: a cell of five seeds again and again, under encoders of other names."""
    folder = tmp_path_factory.mktemp("many")
    call(FEW, folder)
    store = Store(folder / ".harness")
    records, cells = list(store.records()), store.cells("digits.full")
    for number in range(10_000 // len(records)):
        text = json.dumps([*map(vars, records), *map(cell_to_json, cells)])
        for record in records:
            text = text.replace(record.key, f"{number:06}{record.key[6:]}")
        text = text.replace('"identity"', f'"identity-{number}"')
        made = json.loads(text)
        for body in made[: len(records)]:
            store.put(Record(**body))
        store.put_cells(map(cell_from_json, made[len(records) :]))
    store.close()
    return folder


@pytest.mark.parametrize("what", ["numpy and pandas", "harness leaderboard"])
def test_leaderboard(benchmark: Any, what: str, many: Path) -> None:
    benchmark.group = "a leaderboard of 10,000 records"
    words = COMMANDS.get(what, ["-m", "harness", "leaderboard", "--format", "csv"])
    benchmark.pedantic(call, (words, many), rounds=5, warmup_rounds=1)
