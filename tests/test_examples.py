"""The packages in examples/ can be built, installed, benched, tested and taken away again."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path.name for path in (ROOT / "examples").iterdir() if (path / "pyproject.toml").is_file())
BENCH = ("bench", "-d", "points.npz", "--seeds", "2", "-m", "ari", "--jobs", "1")


@dataclass
class Place:
    """A virtual environment with a harness of its own, and a working folder."""

    folder: Path

    def run(self, *words: str, code: int = 0, folder: str = "work") -> str:
        """Call a command of the environment, and return what it said."""
        environment = {**os.environ, "HARNESS_CACHE": str(self.folder / "cache")}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [str(self.folder / "venv/bin" / words[0]), *words[1:]],
            cwd=self.folder / folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, f"{' '.join(words)}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def pip(self, *words: str) -> None:
        """Call pip for the environment, which has none of its own; nothing is downloaded."""
        command = [sys.executable, "-m", "pip", "--python", str(self.folder / "venv/bin/python"), *words]
        subprocess.run(command, check=True, capture_output=True)

    def plugins(self) -> dict[str, dict[str, str]]:
        """Return the plugins that others brought, by name."""
        found = json.loads(self.run("harness", "plugins", "--json").partition("\nBroken")[0])
        assert not found["broken"]
        return {each["name"]: each for each in found["plugins"] if each["origin"] != "built-in"}


def wheels(folder: Path) -> list[str]:
    """Build the wheel of the harness and those of the examples, from copies."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    tops = ("harness/", "plugins/", "reproductions/", "examples/", "pyproject.toml", "README.md", "LICENSE")
    for name in (each for each in listed if each.startswith(tops)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    sources = [folder, *(folder / "examples" / name for name in EXAMPLES)]
    options = [
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--wheel-dir",
        str(folder / "dist"),
    ]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, *map(str, sources)], check=True)
    return [str(path) for path in (folder / "dist").iterdir()]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """An environment that sees the packages of this one by links, all but the harness itself."""
    folder = tmp_path_factory.mktemp("place")
    place = Place(folder)
    (folder / "work").mkdir()
    rng = np.random.default_rng(0)
    np.savez(folder / "work/points.npz", X=rng.random((60, 4)), y=np.repeat([0, 1, 2], 20))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], check=True)
    links = folder / "others/site-packages"
    links.mkdir(parents=True)
    own = ("clustering_harness", "__editable__", "harness")
    for top in (path for path in map(Path, sys.path) if path.name == "site-packages"):
        for path in top.iterdir():
            if not path.name.startswith(own) and not (links / path.name).exists():
                (links / path.name).symlink_to(path)
    (site,) = (folder / "venv/lib").glob("python*/site-packages")
    (site / "others.pth").write_text(str(links))
    place.pip("install", "--no-deps", "--no-index", *wheels(folder / "sources"))
    return place


def test_each_is_found_and_has_its_row(place: Place) -> None:
    where = place.run("python", "-c", "import harness; print(harness.__file__)")
    assert str(place.folder / "venv") in where, (
        "the harness of the wheel, and not the one that is tested here"
    )
    found = place.plugins()
    assert {name: each["origin"] for name, each in found.items()} == {
        "opentsne": "harness-opentsne 0.1.0",
        "k-medoids": "harness-pairs 0.1.0",
        "pair-jaccard": "harness-pairs 0.1.0",
    }
    told = place.run("harness", *BENCH, "-m", "pair-jaccard", "-e", "pca", "-c", "k-medoids", "-c", "kmeans")
    assert "k-medoids" in told
    assert "pair-jaccard" in told
    board = (place.folder / "work/leaderboard/points.full.md").read_text()
    assert "k-medoids" in board
    assert "failed" not in board


def test_their_own_tests_pass(place: Place) -> None:
    for name in EXAMPLES:
        if name == "harness-opentsne" and importlib.util.find_spec("openTSNE") is None:
            continue
        place.run("python", "-m", "pytest", "-q", folder=f"sources/examples/{name}")


@pytest.mark.slow
def test_a_heavy_dependency_is_imported_when_it_is_used_and_its_loss_is_told(place: Place) -> None:
    pytest.importorskip("openTSNE")
    code = (
        "import sys\nfrom harness.registry.loading import summary_of, unavailable_reason\n"
        "from harness.registry.registry import load_registry\n"
        "plugin = load_registry().find('encoder', 'opentsne')\n"
        "loaded = [name for name in sys.modules if 'TSNE' in name]\n"
        "print(summary_of(plugin), unavailable_reason(plugin), loaded)"
    )
    assert place.run("python", "-c", code).strip().endswith("(Policar, Strazar and Zupan, 2024). None []")
    place.run("harness", *BENCH, "-e", "opentsne(n_iter=50)", "-c", "kmeans")
    (link,) = (place.folder / "others/site-packages").glob("openTSNE")
    target = link.readlink()
    link.unlink()
    try:
        reason = "needs openTSNE: pip install 'clustering-harness[tsne]'"
        assert place.plugins()["opentsne"]["reason"] == reason
        told = place.run("harness", *BENCH, "-e", "opentsne", "-c", "kmeans", code=1)
        assert reason in told
        told = place.run("harness", *BENCH, "--all", "-c", "kmeans", "-e", "pca", "-e", "opentsne")
        assert "unavailable" in told, "and --all is content with that"
        assert "opentsne(n_iter=50)" in place.run("harness", "leaderboard"), "its rows stay"
    finally:
        link.symlink_to(target)


@pytest.mark.slow
def test_what_is_uninstalled_keeps_its_rows(place: Place) -> None:
    def rows(text: str) -> list[str]:
        return [line for line in text.splitlines() if "k-medoids" in line]

    place.run("harness", *BENCH, "-m", "pair-jaccard", "-e", "pca", "-c", "k-medoids")
    board = place.folder / "work/leaderboard/points.full.md"
    before = rows(board.read_text())
    assert before
    place.pip("uninstall", "--yes", "harness-pairs")
    assert "k-medoids" not in place.plugins()
    told = place.run("harness", *BENCH, "-e", "pca", "-c", "k-medoids", code=2)
    assert "Unknown clusterer 'k-medoids'." in told
    told = place.run("harness", *BENCH, "--all", "-e", "pca", "-c", "kmeans")
    assert "earlier ones included" in told
    assert rows(board.read_text()) == before, "what it computed is still true"
    assert "pair-jaccard" in place.run("harness", "leaderboard")
