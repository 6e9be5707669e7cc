"""The command that a page gives works as pasted, and finds everything in the store."""

from __future__ import annotations

import html
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from flowers import OPTIONS, write_flowers

CONFIG = """
datasets = ["flowers.csv(drop=kind, label=species)"]
protocols = ["full"]
encoders = ["identity"]
clusterers = ["mine(n_clusters=4)"]
metrics = ["ari"]
n_clusters = 2
plugins.clusterers = { mine = "own_plugins.py:Own" }
"""
CALLS = {
    "options": ["-d", OPTIONS, "-e", "identity", "-c", "kmeans", "-m", "ari", "-m", "silhouette"],
    "K, names and store": [
        "-d",
        OPTIONS,
        *shlex.split("-e small=pca(n_components=2) -c kmeans -k 4 -m ari --store other"),
    ],
    "plugin file": ["-d", OPTIONS, *shlex.split("-e identity -c own --plugin own_plugins.py -m ari")],
    "import path": ["-d", OPTIONS, *shlex.split("-e identity -c own_module:Own -m ari")],
    "configuration": ["--config", "bench.toml"],
}


def harness(folder: Path, *words: str) -> str:
    """Call the command in a folder, as a shell does, and return all that it printed."""
    command = [str(Path(sys.executable).with_name("harness")), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("call", CALLS)
def test_the_command_of_a_page_finds_everything(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    write_flowers(tmp_path)
    (tmp_path / "bench.toml").write_text(CONFIG)
    words = CALLS[call]
    assert "reused 0" in harness(tmp_path, "bench", *words, "--seeds", "2", "--jobs", "1")
    store = ["--store", "other"] if "other" in words else []
    harness(tmp_path, "report", "--no-pictures", "--jobs", "1", *store)
    pages = [page.read_text() for page in (tmp_path / "report").rglob("*.html")]
    given = {
        html.unescape(each) for page in pages for each in re.findall("<pre>(harness bench .+)</pre>", page)
    }
    assert len(given) == 2, "of each seed"
    for command in given:
        said = harness(tmp_path, *shlex.split(command)[1:])
        assert "Computed 0 encode, 0 cluster, 0 score" in said, command
        assert "reused" in said
