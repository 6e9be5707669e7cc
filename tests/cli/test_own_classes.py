"""Classes in the working folder are named as they are, and what cannot work ends before anything runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

Call = Callable[..., tuple[int, str, str]]
MODULE = """
from sklearn.cluster import KMeans


class Short:
    def __init__(self, k=3, seed=0):
        self.k, self.seed = k, seed

    def fit_predict(self, X):
        return KMeans(self.k, n_init=1, random_state=self.seed).fit(X).labels_


class Needs:
    def __init__(self, radius):
        self.radius = radius

    def fit(self, X):
        return self
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_classes_here.py").write_text(MODULE)
    rng = np.random.default_rng(0)
    np.savez(tmp_path / "points.npz", X=rng.random((60, 3)), y=np.arange(60) % 3)
    return tmp_path


def test_a_module_and_a_file_of_the_working_folder_are_one_plugin(folder: Path) -> None:
    words = ("-m", "harness", "bench", "-d", "points.npz", "-e", "identity", "-m", "ari", "--seeds", "2")
    named = ("-c", "my_classes_here:Short", "-c", "my_classes_here.py:Short")
    # Isolated, as the command is: the working folder is not on Python's own path then.
    done = subprocess.run([sys.executable, "-I", *words, *named], capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    lines = [line.split("  ") for line in done.stdout.splitlines() if line.startswith("identity")]
    assert [[cell for cell in line if cell][2].strip() for line in lines] == ["3 given", "3 given"]
    assert "no seed" not in done.stdout
    assert "Computed 1 encode, 2 cluster" in done.stderr, "by both names it has the same keys"


def test_what_is_set_is_shown_before_a_run(folder: Path, command_line: Call, one_process: None) -> None:
    words = ("-d", "points.npz", "-e", "identity", "-c", "my_classes_here:Short", "-c", "kmeans")
    for option in ("--dry-run", "--explain"):
        code, out, _ = command_line("bench", *words, "-m", "ari", option)
        assert code == 0
        assert "Set here: k=3, seed=<seed>: clusterer my_classes_here:Short" in out
        assert "Set here: n_clusters=3, random_state=<seed>: clusterer kmeans" in out


def test_what_is_missing_is_said_once(folder: Path, command_line: Call, one_process: None) -> None:
    words = ("bench", "-d", "points.npz", "-e", "identity", "-c", "kmeans", "-m", "ari")
    code, _, err = command_line(*words, "-c", "my_classes_here:Needs")
    assert (code, err.count("Error")) == (2, 1)
    assert "parameter 'radius' is required. Give my_classes_here:Needs(radius=...)." in err
    assert not (folder / ".harness").exists()


def test_silhouette_of_scikit_learn_is_a_metric(folder: Path, command_line: Call, one_process: None) -> None:
    code, out, _ = command_line(
        *("bench", "-d", "points.npz", "-e", "identity", "-c", "kmeans", "--seeds", "1"),
        *("-m", "ari", "-m", "sklearn.metrics:silhouette_score"),
    )
    assert code == 0
    assert "sklearn.metrics:silhouette_score" in out
