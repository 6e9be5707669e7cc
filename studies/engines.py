"""Engines of k-means compared: scikit-learn, scikit-learn-intelex, faiss and torch, over shapes of data.

    pip install scikit-learn-intelex faiss-cpu
    python studies/engines.py docs/results/kmeans-engines.csv
    python studies/engines.py docs/results/kmeans-engines.csv --table  # as in docs/performance.md

Each engine makes the same number of Lloyd steps from the same centres, in float32, on all cores; an engine
that is not installed is left out. The table has the seconds of the faster of two calls, and how far the
result is from scikit-learn's: relative difference of inertias, and share of rows with another label.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

STEPS, CALLS = 10, 2
ROWS, FEATURES, CLUSTERS = (10_000, 100_000, 1_000_000, 10_000_000), (2, 16, 128, 784), (2, 10, 100, 1000)
LARGEST = 2e8  # numbers in the samples
LONGEST = 1.7e11  # multiply-adds of all steps
BLOCK = 2**22  # distances at a time, of torch
COLUMNS = ("n", "d", "K", "engine", "seconds", "inertia", "labels")


class Fit(NamedTuple):
    """Labels and centres after the steps."""

    labels: Any
    centres: Any


Engine = Callable[[Any, Any], Fit]


def sklearn_lloyd(X: Any, centres: Any) -> Fit:
    """Fit by scikit-learn."""
    from sklearn.cluster import KMeans

    model = KMeans(len(centres), init=centres, n_init=1, max_iter=STEPS, tol=0).fit(X)
    return Fit(model.labels_, model.cluster_centers_)


def sklearn_elkan(X: Any, centres: Any) -> Fit:
    """Fit by scikit-learn with bounds of distances, which take n x K numbers."""
    from sklearn.cluster import KMeans

    model = KMeans(len(centres), init=centres, n_init=1, max_iter=STEPS, tol=0, algorithm="elkan").fit(X)
    return Fit(model.labels_, model.cluster_centers_)


def intelex(X: Any, centres: Any) -> Fit:
    """Fit by scikit-learn-intelex."""
    from sklearnex.cluster import KMeans

    model = KMeans(len(centres), init=centres, n_init=1, max_iter=STEPS, tol=0, algorithm="lloyd").fit(X)
    return Fit(model.labels_, model.cluster_centers_)


def faiss(X: Any, centres: Any) -> Fit:
    """Fit by faiss, on all rows rather than its default of 256 per cluster."""
    import faiss

    n, d = X.shape
    model = faiss.Kmeans(
        d, len(centres), niter=STEPS, min_points_per_centroid=1, max_points_per_centroid=n, seed=0
    )
    model.train(X, init_centroids=centres)
    return Fit(model.index.search(X, 1)[1][:, 0], model.centroids)


def torch_cpu(X: Any, centres: Any) -> Fit:
    """Fit by products of matrices in torch, in blocks of rows."""
    return _torch(X, centres, "cpu")


def torch_cuda(X: Any, centres: Any) -> Fit:
    """Fit by products of matrices in torch on an accelerator; rows are copied to it first."""
    return _torch(X, centres, "cuda")


def _torch(X: Any, centres: Any, device: str) -> Fit:
    import torch

    rows, means = torch.from_numpy(X).to(device), torch.from_numpy(centres).to(device).clone()
    step = max(BLOCK // len(means), 1)

    def labels() -> Any:
        half = (means * means).sum(1) / 2
        return torch.cat([torch.addmm(half, part, means.T, alpha=-1).argmin(1) for part in rows.split(step)])

    with torch.inference_mode():
        for _ in range(STEPS):
            label = labels()
            sums = torch.zeros_like(means).index_add_(0, label, rows)
            counts = torch.bincount(label, minlength=len(means))[:, None]
            means = torch.where(counts > 0, sums / counts.clamp(min=1), means)
        return Fit(labels().cpu().numpy(), means.cpu().numpy())


ENGINES: dict[str, Engine] = {
    "scikit-learn": sklearn_lloyd,
    "scikit-learn, elkan": sklearn_elkan,
    "scikit-learn-intelex": intelex,
    "faiss": faiss,
    "torch": torch_cpu,
    "torch, CUDA": torch_cuda,
}


def available() -> Iterator[str]:
    """Yield the engines that run here."""
    for name, engine in ENGINES.items():
        X = np.random.default_rng(0).random((50, 3), dtype=np.float32)
        try:
            engine(X, X[:2].copy())
        except (ImportError, RuntimeError, AssertionError) as error:  # torch without CUDA says so by these
            print(f"{name}: left out, {str(error).splitlines()[0]}", file=sys.stderr)
        else:
            yield name


def samples(n: int, d: int, k: int) -> tuple[Any, Any]:
    """Return overlapping blobs, and k of their rows as centres: steps do not end before `STEPS`."""
    rng = np.random.default_rng(0)
    means = rng.normal(size=(k, d)).astype(np.float32)
    X = rng.standard_normal((n, d), dtype=np.float32)
    X += means[rng.integers(k, size=n)]
    return X, X[rng.choice(n, k, replace=False)].copy()


def inertia(X: Any, fit: Fit) -> float:
    """Return the sum of squared distances, in double precision."""
    return sum(
        float(
            ((X[start : start + 10_000] - fit.centres[fit.labels[start : start + 10_000]]) ** 2).sum(
                dtype=float
            )
        )
        for start in range(0, len(X), 10_000)
    )


def compare(n: int, d: int, k: int, engines: list[str]) -> Iterator[dict[str, Any]]:
    """Time each engine on one shape, and compare with the first."""
    X, centres = samples(n, d, k)
    fits: dict[str, Fit] = {}
    for name in engines:
        if name == "scikit-learn, elkan" and n * k > LARGEST:
            continue
        seconds = []
        while len(seconds) < CALLS and sum(seconds) < 10:
            begin = time.perf_counter()
            fits[name] = ENGINES[name](X, centres)
            seconds.append(time.perf_counter() - begin)
        first, last = fits[engines[0]], fits[name]
        expected = inertia(X, first)
        yield {
            **{"n": n, "d": d, "K": k, "engine": name, "seconds": f"{min(seconds):.4f}"},
            "inertia": f"{inertia(X, last) / expected - 1:.1e}",
            "labels": f"{float((last.labels != first.labels).mean()):.1e}",
        }


def table(lines: list[dict[str, str]]) -> str:
    """Return a table of the fastest engine for each shape, and its speed relative to scikit-learn."""
    times: dict[tuple[int, int, int], dict[str, float]] = {}
    for line in lines:
        shape = int(line["n"]), int(line["d"]), int(line["K"])
        times.setdefault(shape, {})[line["engine"]] = float(line["seconds"])
    rows = {(n, d): ["–"] * len(CLUSTERS) for n, d, _ in times}
    for (n, d, k), own in times.items():
        best = min(own, key=own.__getitem__)
        rows[n, d][CLUSTERS.index(k)] = f"{best} {own['scikit-learn'] / own[best]:.1f}"
    heads = ["rows", "features", *(f"K = {k:,}" for k in CLUSTERS)]
    lists = [heads, ["--:", "--:", *["---"] * len(CLUSTERS)]]
    lists += [[f"{n:,}", str(d), *cells] for (n, d), cells in sorted(rows.items())]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lists)


def main() -> None:
    """Compare the engines, a line per engine and shape; or print the table of what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("results", type=Path)
    parser.add_argument("--table", action="store_true", help="print the fastest of each shape")
    given = parser.parse_args()
    if given.table:
        with given.results.open(newline="", encoding="utf-8") as file:
            print(table(list(csv.DictReader(file))))
        return
    engines = list(available())
    with given.results.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        for n, d, k in itertools.product(ROWS, FEATURES, CLUSTERS):
            if n * d > LARGEST or n * d * k * STEPS > LONGEST or k * 20 > n:
                continue
            for line in compare(n, d, k, engines):
                writer.writerow(line)
                print(*line.values(), flush=True)


if __name__ == "__main__":
    main()
