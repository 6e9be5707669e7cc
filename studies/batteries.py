"""Scores of the benchmark batteries by scikit-learn and genieclust alone, beside those of a leaderboard.

Nothing of the harness is used: files are read by numpy, methods called directly, and points without a class
left out before `adjusted_rand_score`. Prints a table of docs/suite-boards.md, in ten minutes on one core:

    harness leaderboard --suite batteries-v1 -m ari --references each --format csv > scores.csv
    python studies/batteries.py $HARNESS_DATA/batteries scores.csv [float64]
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from genieclust import Genie
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, Birch, KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from tabulate import tabulate

Array = NDArray[Any]
Scores = dict[tuple[str, str], float]  # by reference and method
METHODS: dict[str, Callable[[Array, int, int], Any]] = {  # of samples, K and seed
    "genie(gini_threshold=0.3)": lambda X, k, seed: Genie(n_clusters=k, gini_threshold=0.3),
    "agglomerative": lambda X, k, seed: AgglomerativeClustering(k),
    "agglomerative(linkage='average')": lambda X, k, seed: AgglomerativeClustering(k, linkage="average"),
    "birch": lambda X, k, seed: Birch(n_clusters=k, threshold=0.231 * float(np.sqrt(X.var(0).sum()))),
    "hdbscan": lambda X, k, seed: HDBSCAN(copy=True),
    "kmeans": lambda X, k, seed: KMeans(k, n_init=1, random_state=seed),
    "gmm": lambda X, k, seed: GaussianMixture(k, random_state=seed),  # fails on some samples in float32
}
SEEDED = ("kmeans", "gmm")


def references(file: Path) -> dict[str, Array]:
    """Return the labels beside a file of samples, by the name of their leaderboard."""
    name = file.name.removesuffix(".data.gz")
    labels = sorted(file.parent.glob(f"{name}.labels*.gz"))
    whole = f"{file.parent.name}-{name}"
    names = [whole if len(labels) == 1 else f"{whole}.{n}" for n in range(len(labels))]
    return {board: np.loadtxt(each, dtype=int) for board, each in zip(names, labels, strict=True)}


def samples(file: Path, precision: str) -> Array:
    """Return the samples, in float32 unless this would make two values of a column equal."""
    X: Array = np.loadtxt(file, ndmin=2)
    single = X.astype(np.float32)
    same = all(len(np.unique(a)) == len(np.unique(b)) for a, b in zip(X.T, single.T, strict=True))
    return single if same and precision == "float32" else X


def scores(file: Path, precision: str, seeds: int = 5) -> Iterator[tuple[str, str, float]]:
    """Yield reference, method and mean ARI over the seeds; K is the number of classes of the reference."""
    X, truths = samples(file, precision), references(file)
    for k in sorted({int(truth.max()) for truth in truths.values()}):
        for name, make in METHODS.items():
            data = X.astype(np.float64) if name == "gmm" else X
            found = [make(data, k, seed).fit_predict(data) for seed in range(seeds if name in SEEDED else 1)]
            for board, truth in truths.items():
                known = truth > 0
                if truth.max() == k:
                    yield board, name, fmean(adjusted_rand_score(truth[known], each[known]) for each in found)


def compared(here: Scores, theirs: Scores) -> str:
    """Return a table of means over datasets, each the best of its references, and of what differs."""
    rows = []
    for name in METHODS:
        pairs = {board: (here[board, name], theirs[board, name]) for board, each in here if each == name}
        best: dict[str, tuple[float, float]] = {}
        for board, (one, other) in pairs.items():
            dataset = re.sub(r"\.\d+$", "", board)
            before = best.get(dataset, (-1.0, -1.0))
            best[dataset] = (max(before[0], one), max(before[1], other))
        means = [f"{fmean(column):.3f}" for column in zip(*best.values(), strict=True)]
        differ = sum(abs(one - other) > 1e-9 for one, other in pairs.values())
        rows.append([name, *means, f"{differ} of {len(pairs)}"])
    return tabulate(rows, ["method", "directly", "harness", "references that differ"], tablefmt="github")


def main(folder: str, table: str, precision: str = "float32") -> None:
    """Print the table."""
    with Path(table).open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["metric"] == "ari" and line["value"]]
    theirs = {(line["dataset"], line["clusterer"]): float(line["value"]) for line in lines}
    boards = {line["dataset"] for line in lines}
    here: Scores = {}
    for path in sorted(Path(folder).glob("*/*.data.gz")):
        name = f"{path.parent.name}-{path.name.removesuffix('.data.gz')}"
        if name in boards or f"{name}.0" in boards:
            here |= {(board, method): value for board, method, value in scores(path, precision)}
            print(name, file=sys.stderr)
    print(compared(here, theirs))


if __name__ == "__main__":
    main(*sys.argv[1:])
