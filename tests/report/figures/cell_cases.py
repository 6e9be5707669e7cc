"""Cells to draw: benches of a part of the digits, and others made by hand of one of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from lasting import lasting
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.datasets import load_digits

import harness
from harness import Dataset
from harness.report.cell_data import StoredCell
from harness.report.find_cell import find_cell
from harness.store.store import Store

AE = "dense-ae-torch(epochs=2, latent=4, layers=(16,))"
EVIL = '<script>alert("$x_1$")</script>'


class Unlucky(BaseEstimator):  # type: ignore[misc]
    """A clusterer that fails."""

    def fit(self, X: NDArray[Any], y: None = None) -> Unlucky:
        raise RuntimeError("no luck today")


def digits(n: int = 240, **changes: Any) -> Dataset:
    """The first digits, with names of classes that are words of other languages than English."""
    samples, truth = load_digits(return_X_y=True)
    facts: dict[str, Any] = {
        "truth": truth[:n].astype(np.int64),
        "image_shape": (8, 8, 1),
        "class_names": ("nul", EVIL, "to_2", "$3$", "vier", "5 %", "seks", "syv", "otte", "ni"),
    }
    return Dataset("some-digits", (samples[:n] / 16).astype(np.float32), **{**facts, **changes})


@lasting()
def benched(folder: Path) -> Store:
    """Bench the digits with classes, without, and as rows that are not images."""
    common: dict[str, Any] = {"store": folder, "progress": False, "device": "cpu"}
    metrics = ["accuracy", "nmi", "silhouette"]
    harness.bench(
        digits(), ["identity", AE, f"pca(n_components=20)+{AE}"], "kmeans", metrics, seeds=2, **common
    )
    others = ["kmeans-elbow(k_max=6)", "kmeans-silhouette(k_max=6)", "kmeans(n_clusters=1)"]
    others += ["kmeans(n_clusters=14)", "dbscan(eps=1.0)"]
    harness.bench(digits(), "identity", others, metrics, seeds=2, **common)
    harness.bench(digits(), "identity", {"unlucky": Unlucky()}, metrics, **common)
    bare = digits(truth=None, class_names=(), image_shape=None)
    harness.bench(replace(bare, name="bare"), "identity", "kmeans", seeds=2, n_clusters=3, **common)
    return Store(folder)


def cell(store: Store, name: str, board: str = "some-digits.full") -> StoredCell:
    """The cell of that name."""
    return find_cell(store, name, board)


def changed(cell: StoredCell, data: Mapping[str, Any] | None = None, **arrays: Any) -> StoredCell:
    """The cell with other arrays than the store has; what was read of it is forgotten."""
    other = StoredCell(cell.store, cell.record, cell.records, replace(cell.data, **(data or {})), cell.row)
    vars(other).update(arrays)
    return other
