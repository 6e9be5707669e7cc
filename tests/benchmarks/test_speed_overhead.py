"""What the harness adds to a plain scikit-learn script of the same fits and scores on Fashion-MNIST."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.core.threads import variables
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry
from harness.store.store import Store

# One fit after the other; the embedding of pca is made for each clusterer, as plain scripts do.
SCRIPT = """
import gzip, json, sys
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
found = []
exact = PCA(50, svd_solver="covariance_eigh").fit(X.astype(np.float64))
for Z in (X, exact.transform(X).astype(np.float32)):
    for seed in (0, 1):
        for kind in (KMeans, MiniBatchKMeans):
            labels = kind(10, random_state=seed).fit(Z).labels_
            found.append(adjusted_rand_score(y, labels))
            for score in (normalized_mutual_info_score, homogeneity_score, completeness_score,
                v_measure_score): score(y, labels)
            for score in (calinski_harabasz_score, davies_bouldin_score): score(Z, labels)
Path("scores.json").write_text(json.dumps(found))
"""
GRID = "-e identity -e pca(n_components=50) -c kmeans -c minibatch-kmeans -m nmi -m ari -m homogeneity"
MORE = "-m completeness -m v-measure -m calinski-harabasz -m davies-bouldin --seeds 2 --jobs 1"


@pytest.fixture(scope="module")
def folder() -> Path:
    """Where the images are."""
    found: Path | None = load_plugin(load_registry().find("dataset", "fashion-mnist")).info.find()
    if found is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    return found


GROUP = "eight fits of Fashion-MNIST and their scores, one after the other"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("overhead")


@pytest.mark.benchmark(group=GROUP)
@pytest.mark.parametrize("what", ["scikit-learn", "harness"])
def test_overhead(benchmark: Any, what: str, folder: Path, place: Path) -> None:
    words = ["-c", SCRIPT, str(folder)]
    if what == "harness":
        words = ["-m", "harness", "bench", "-d", "fashion-mnist", *GRID.split(), *MORE.split()]

    def go() -> None:
        shutil.rmtree(place / ".harness", ignore_errors=True)
        environment = {**os.environ, **variables(1)}
        options = {"check": True, "cwd": place, "env": environment}
        subprocess.run([sys.executable, *words], **options)  # type: ignore[call-overload]

    benchmark.pedantic(go, rounds=3)
    if what == "harness":
        records = Store(place / ".harness").records()
        ours = [each.values["score"] for each in records if each.facts["code"]["plugin"].endswith(":ari")]
        assert sorted(ours) == pytest.approx(
            sorted(json.loads((place / "scores.json").read_text())), abs=1e-9
        )
