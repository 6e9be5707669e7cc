"""A small table of the user's own, and plugins that lie beside it, for tests of commands from end to end."""

from __future__ import annotations

import random
from pathlib import Path

OPTIONS = "flowers.csv(drop=kind, label=species)"
CLUSTERER = """
from sklearn.cluster import KMeans
from harness import hookimpl


class Own:
    def __init__(self, n_clusters=2, random_state=None):
        self.n_clusters = n_clusters
        self.random_state = random_state

    def get_params(self, deep=True):
        return {"n_clusters": self.n_clusters, "random_state": self.random_state}

    def fit(self, X):
        self.labels_ = KMeans(self.n_clusters, n_init=1, random_state=self.random_state).fit(X).labels_
        return self
"""
HOOK = """

@hookimpl
def clusterers():
    return {"own": Own}
"""


def write_flowers(folder: Path) -> None:
    """Write a table with a text column beside the label, and two modules with a clusterer."""
    draw = random.Random(0).random
    rows = ["id,a,b,c,species,kind"]
    for n in range(60):
        k = n % 3
        rows.append(f"{n},{k + draw():.3f},{2 * k + draw():.3f},{draw():.3f},{'xyz'[k]},{'pq'[n % 2]}")
    (folder / "flowers.csv").write_text("\n".join(rows) + "\n")
    (folder / "own_module.py").write_text(CLUSTERER)
    (folder / "own_plugins.py").write_text(CLUSTERER + HOOK)
