"""Stores to report on: real benches of a part of the digits, and one that is multiplied."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from lasting import lasting
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

import harness
from harness import Dataset
from harness.report.cell_data import stored_cells
from harness.store.store import Store

AE = "dense-ae-torch(epochs=2, latent=4, layers=(16,))"
EVIL = "<b onclick>Odd<script> & <img src>"
EVIL_CLASS = '<img src=x onerror="document.title=1">'
BOARD = "some-digits.full"
METRICS = ["accuracy", "nmi", "silhouette"]


class Unlucky(BaseEstimator):  # type: ignore[misc]
    """A clusterer that fails, after saying something."""

    def fit(self, X: NDArray[Any], y: None = None) -> Unlucky:
        print("said before the end")  # noqa: T201
        raise RuntimeError("no luck <i>today</i>")


def digits(n: int = 200, **changes: Any) -> Dataset:
    """The first digits, with names of classes."""
    samples, truth = load_digits(return_X_y=True)
    facts: dict[str, Any] = {
        "truth": truth[:n].astype(np.int64),
        "image_shape": (8, 8, 1),
        "class_names": ("nul", EVIL_CLASS, "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"),
    }
    return Dataset("some-digits", (samples[:n] / 16).astype(np.float32), **{**facts, **changes})


@lasting()
def small(folder: Path, seeds: int = 1, clusterers: tuple[str, ...] = ("kmeans",)) -> Store:
    """Bench a few cells, quickly."""
    common: dict[str, Any] = {"store": folder, "progress": False, "device": "cpu"}
    harness.bench(
        digits(), ["identity", "pca(n_components=4)"], list(clusterers), METRICS, seeds=seeds, **common
    )
    return Store(folder)


@lasting()
def whole(folder: Path) -> Store:
    """Bench an autoencoder, noise, a chooser of K, a failure; rows without classes; and odd names."""
    common: dict[str, Any] = {"store": folder, "progress": False, "device": "cpu"}
    clusterers = ["kmeans", "dbscan(eps=1.0)", "kmeans-elbow(k_max=12)"]
    harness.bench(digits(), ["identity", AE], clusterers, METRICS, seeds=2, **common)
    harness.bench(digits(), "identity", {"unlucky": Unlucky()}, METRICS, **common)
    bare = digits(truth=None, class_names=(), image_shape=None)
    harness.bench(replace(bare, name="bare"), "identity", "kmeans", seeds=2, n_clusters=3, **common)
    harness.bench(
        replace(digits(), name=EVIL), {EVIL: PCA(n_components=2)}, "kmeans", METRICS, seeds=1, **common
    )
    return Store(folder)


def multiply(store: Store, board: str, count: int, seeds: int = 5) -> None:
    """Add cells to a board until it has as many: copies of its own under other names, keys and seeds."""
    cells = [cell for cell in stored_cells(store, board) if cell.status[0] == "ok"]
    rows, have = [], len(stored_cells(store, board))
    for number in range(count - have):
        cell, (name, seed) = cells[number % len(cells)], divmod(number, seeds)
        metric, first = next(iter(cell.record.scores.items()))
        record, key = cell.records[first.key], hashlib.sha256(f"{number}".encode()).hexdigest()[:32]
        scores = {**cell.record.scores, metric: replace(first, key=key)}
        values = {**record.values, "score": record.values["score"] * (0.9 + number % 97 / 970)}
        store.put(replace(record, key=key, values=values))
        clusterer, seeds_of = f"copy-{name}", (cell.record.encoder_seed, seed)
        names = {"clusterer": clusterer, "specs": (cell.record.encoder, clusterer)}
        rows.append(replace(cell.record, **names, seeds=seeds_of, scores=scores))
    store.put_cells(rows)


def watched(browser: Any, *others: str) -> Iterator[Any]:
    """Yield a page that must not complain, and must ask nobody but files, and addresses that begin so."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found, complaints, requests = context.new_page(), [], []
    found.on("console", lambda message: complaints.append(message.text))
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("request", lambda request: requests.append(request.url))
    yield found
    assert complaints == []
    assert requests
    assert all(url.startswith(("file:", "data:", *others)) for url in requests)
    context.close()
