"""Choosing K by four criteria on one embedding, against scikit-learn with each criterion by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from harness.core.threads import cores, variables
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry

# Each criterion fits its own models, as scripts and the usual libraries do; for the gap 10 references.
SCRIPT = """
import numpy as np
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import silhouette_score
from sklearn.mixture import GaussianMixture
from harness.planning.datasets import open_dataset
from harness.registry.registry import load_registry
data = open_dataset("fashion-mnist", load_registry())
Z = PCA(20, random_state=0).fit_transform(data.samples[data.rows("test")])
K = range(2, 21)
elbow = [KMeans(k, n_init=1, random_state=0).fit(Z).inertia_ for k in K]
silhouettes = [silhouette_score(Z, KMeans(k, n_init=1, random_state=0).fit(Z).labels_) for k in K]
rng = np.random.default_rng(0)
low, high = Z.min(axis=0), Z.max(axis=0)
found = [np.log(KMeans(k, n_init=1, random_state=0).fit(Z).inertia_) for k in K]
sets = [rng.random(Z.shape, dtype=np.float32) * (high - low) + low for _ in range(10)]
gap = [np.mean([np.log(KMeans(k, n_init=1, random_state=0).fit(U).inertia_) for U in sets]) for k in K]
bic = [GaussianMixture(k, random_state=0).fit(Z).bic(Z) for k in K]
"""
CHOOSERS = ["-c", "kmeans-elbow", "-c", "kmeans-silhouette", "-c", "kmeans-gap", "-c", "gmm-bic"]


@pytest.mark.parametrize("who", ["scikit-learn", "harness"])
def test_four_criteria(benchmark: Any, who: str, tmp_path: Path) -> None:
    """All cores for both: threads within each fit there, several fits at a time here."""
    if load_plugin(load_registry().find("dataset", "fashion-mnist")).info.find() is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    benchmark.group = "K = 2 to 20 by elbow, silhouette, gap and BIC, 10,000 x 20"
    words = ["-c", SCRIPT]
    if who == "harness":
        words = ["-m", "harness", "bench", "-d", "fashion-mnist", "--protocol", "test", "--seeds", "1"]
        words += ["-e", "pca(n_components=20)", *CHOOSERS, "-m", "ari"]
    threads = cores() if who == "scikit-learn" else 1
    environment = {**os.environ, **variables(threads)}

    def go() -> None:
        shutil.rmtree(tmp_path / ".harness", ignore_errors=True)
        subprocess.run([sys.executable, *words], check=True, cwd=tmp_path, env=environment)

    benchmark.pedantic(go, rounds=1)
