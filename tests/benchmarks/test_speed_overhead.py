"""What the harness adds to a plain scikit-learn script of the same fits and scores on Fashion-MNIST."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.registry import load_registry
from harness.worker import THREADS

# One fit after the other; the embedding of pca is made for each clusterer, as plain scripts do.
SCRIPT = """
import gzip, sys
from pathlib import Path
import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans
from sklearn.decomposition import PCA
from sklearn.metrics import (adjusted_rand_score, calinski_harabasz_score, completeness_score,
    davies_bouldin_score, homogeneity_score, normalized_mutual_info_score, v_measure_score)
folder = Path(sys.argv[1])
def read(name, skip):
    path = folder / f"{name}-ubyte"
    content = path.read_bytes() if path.exists() else gzip.open(f"{path}.gz").read()
    return np.frombuffer(content, np.uint8, offset=skip)
X = np.concatenate([read(f"{part}-images-idx3", 16) for part in ("train", "t10k")])
X = X.reshape(-1, 784).astype(np.float32) / 255
y = np.concatenate([read(f"{part}-labels-idx1", 8) for part in ("train", "t10k")])
for Z in (X, PCA(50, random_state=0).fit_transform(X)):
    for seed in (0, 1):
        for kind in (KMeans, MiniBatchKMeans):
            labels = kind(10, random_state=seed).fit(Z).labels_
            for score in (normalized_mutual_info_score, adjusted_rand_score, homogeneity_score,
                completeness_score, v_measure_score): score(y, labels)
            for score in (calinski_harabasz_score, davies_bouldin_score): score(Z, labels)
"""
GRID = "-e identity -e pca(n_components=50) -c kmeans -c minibatch-kmeans -m nmi -m ari -m homogeneity"
MORE = "-m completeness -m v-measure -m calinski-harabasz -m davies-bouldin --seeds 2 --jobs 1"


@pytest.fixture(scope="module")
def folder() -> Path:
    """Where the images are."""
    found: Path | None = load_registry().find("dataset", "fashion-mnist").load().info.find()
    if found is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    return found


@pytest.mark.benchmark(
    group="eight fits of Fashion-MNIST and their scores, one after the other", min_rounds=1
)
@pytest.mark.parametrize("what", ["scikit-learn", "harness"])
def test_overhead(benchmark: Any, what: str, folder: Path, tmp_path: Path) -> None:
    words = ["-c", SCRIPT, str(folder)]
    if what == "harness":
        words = ["-m", "harness", "bench", "-d", "fashion-mnist", *GRID.split(), *MORE.split()]

    def go() -> None:
        environment = {**os.environ, **dict.fromkeys(THREADS, "1")}
        options = {"check": True, "cwd": tmp_path, "env": environment}
        subprocess.run([sys.executable, *words], **options)  # type: ignore[call-overload]

    benchmark.pedantic(go, rounds=1)
