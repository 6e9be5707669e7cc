"""A command imports only what it uses: libraries that take long to import slow down no other."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("matplotlib", "numba", "openpyxl", "pandas", "PIL", "pooch", "pydantic", "scipy", "sklearn"),
    *("genieclust", "kneed", "pyarrow", "tensorflow", "torch", "umap"),
}
CODE = f"""
import sys
from harness.cli import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print("loaded:", *sorted({HEAVY} & set(sys.modules)))
"""
PANDAS = {"pandas", "pyarrow"}  # pandas imports pyarrow where that is installed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("light")
    (folder / "points.csv").write_text("a,b,label\n" + "\n".join(f"{n},{n % 7},{n % 2}" for n in range(60)))
    run(folder, "bench -d points.csv -e identity -c kmeans -c agglomerative -m ari --seeds 2 --jobs 1")
    return folder


def run(folder: Path, command: str) -> set[str]:
    words = [sys.executable, "-c", CODE, *command.split()]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(
    ("command", "needed"),
    [
        ("--help", set()),
        ("bench --help", set()),
        ("plugins", set()),
        ("store", set()),
        ("report --help", set()),
        ("leaderboard points.full", {"scipy"}),  # the tail of Student's t
        ("compare points.full", {"scipy"}),
        ("datasets show points.csv", PANDAS),
    ],
)
def test_only_what_a_command_needs_is_imported(command: str, needed: set[str], folder: Path) -> None:
    assert run(folder, command) <= needed
