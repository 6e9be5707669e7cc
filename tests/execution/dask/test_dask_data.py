"""One fit spread over Dask's workers: the same labels on any number of them, and on none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from clusters import Cluster, cluster

from harness.cli import app
from harness.core.record import Record
from harness.store.store import Store

N = 600_000  # four chunks
LIMIT = ("--memory-limit", "1GB")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rows")
    rng = np.random.default_rng(0)
    rows = rng.integers(10, size=N)[:, None] * np.array([25, 7]) + rng.integers(24, size=(N, 2))
    np.save(folder / "rows.npy", rows.astype(np.uint8))
    return folder


def bench(folder: Path, store: str, *more: str) -> dict[str, Record]:
    """Run encoder and clusterer, and return the records of their stages by kind."""
    clusterer = "dask-kmeans(n_clusters=10, init='k-means||')"
    words = ["bench", "-d", str(folder / "rows.npy"), "-e", "dask-pca", "-c", clusterer]
    words += ["-m", "calinski-harabasz", "--seeds", "1", *more]
    words += ["--store", str(folder / store), "--out", str(folder / "leaderboard")]
    result = CliRunner().invoke(app, words, standalone_mode=False)
    assert result.return_value in (0, None), result.output
    kept = Store(folder / store)
    keys = [key for board in kept.boards() for cell in kept.cells(board) for key in cell.keys]
    return {record.kind: record for key in keys if (record := kept.get(key)) is not None}


def clients(found: Cluster) -> int:
    """Return how many clients have connected: a run, and each stage that spreads its fit."""
    return (found.folder / "scheduler.log").read_text().count("Receive client connection")


@pytest.mark.slow
def test_labels_are_the_same_on_one_and_two_workers_and_here(folder: Path) -> None:
    here = bench(folder, "here")
    with cluster(folder / "one", 1, *LIMIT) as one:  # the stage leaves its thread to its tasks
        found = bench(folder, "one-store", "--dask", one.address)
        assert clients(one) == 3
        one.add(*LIMIT)
        again = bench(folder, "two-store", "--dask", one.address)
    for records in (found, again):
        assert records["cluster"].status == "ok", records["cluster"].error
        for kind in ("encode", "cluster"):
            assert records[kind].key == here[kind].key
            assert records[kind].arrays == here[kind].arrays
            assert records[kind].values == here[kind].values
        assert records["score"].values == here["score"].values
