"""What a whole grid costs: against a plain nested loop, and against the work that is in it only once."""

from __future__ import annotations

import json
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
from harness.store.store import Store

GROUP = "a grid on Fashion-MNIST: 4 encoders x 6 clusterers x 2 seeds, all metrics"
ENCODERS: dict[str, dict[str, Any]] = {
    "identity": {},
    "pca": {"n_components": 50},
    "dense-ae-torch": {"epochs": 5, "batch_size": 256},
    "conv-ae-torch": {"epochs": 2, "batch_size": 256},
}
CLUSTERERS: dict[str, dict[str, Any]] = {
    **{name: {} for name in ("kmeans", "minibatch-kmeans", "bisecting-kmeans", "spherical-kmeans", "birch")},
    "gmm": {"covariance_type": "diag"},
}
# The same estimators, and scikit-learn's scores: what a script does that knows of no stages.
LOOP = """
import json, sys
import numpy as np
from harness.registry.configure import build, configure
from harness.planning.datasets import open_dataset
from harness.registry.registry import load_registry
from harness.core.spec import Spec
from sklearn import metrics as sk
registry = load_registry()
data = open_dataset("fashion-mnist", registry)
X, y = data.samples[data.rows("test")], data.truth[data.rows("test")]
settings = {"n_clusters": 10, "image_shape": data.image_shape, "device": "cpu", "n_jobs": None}
def made(kind, name, params, seed):
    plugin = registry.find(kind, name)
    step = configure(plugin, Spec(name, (), tuple(params.items())), settings)
    return build(plugin, step.for_seed(seed if step.seeded else None))
def accuracy(y, labels):
    table = sk.cluster.contingency_matrix(y, labels)
    from scipy.optimize import linear_sum_assignment
    return table[linear_sum_assignment(-table)].sum() / len(y)
for name, params in json.loads(sys.argv[1]).items():
    for clusterer, settled in json.loads(sys.argv[2]).items():
        for seed in (0, 1):
            encoder = made("encoder", name, params, seed)
            fit = getattr(encoder, "fit_transform", None)
            Z = fit(X) if fit else encoder.fit(X).transform(X)
            labels = made("clusterer", clusterer, settled, seed).fit(Z).labels_
            accuracy(y, labels)
            for score in ("adjusted_rand", "normalized_mutual_info", "adjusted_mutual_info", "homogeneity",
                          "completeness", "v_measure", "fowlkes_mallows"):
                getattr(sk, f"{score}_score")(y, labels)
            for score in ("silhouette", "calinski_harabasz", "davies_bouldin"):
                getattr(sk, f"{score}_score")(Z, labels)
"""


def words(who: str, protocol: str) -> list[str]:
    """Return the command."""
    if who == "plain loop":
        return ["-c", LOOP, json.dumps(ENCODERS), json.dumps(CLUSTERERS)]
    found = ["-m", "harness", "bench", "-d", "fashion-mnist", "--protocol", protocol, "--seeds", "2"]
    for option, entries in (("-e", ENCODERS), ("-c", CLUSTERERS)):
        for name, params in entries.items():
            found += [option, f"{name}({', '.join(f'{key}={value}' for key, value in params.items())})"]
    return found


# On all 70,000 images the plain loop would take an hour: there the harness is set against its own work.
@pytest.mark.parametrize(
    ("who", "protocol"), [("plain loop", "test"), ("harness", "test"), ("harness", "full")]
)
def test_grid(benchmark: Any, who: str, protocol: str, tmp_path: Path) -> None:
    """The sum of the unique stages over the cores is in the extra information."""
    if load_plugin(load_registry().find("dataset", "fashion-mnist")).info.find() is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    benchmark.group = GROUP
    threads = cores() if who == "plain loop" else 1  # a script has the whole machine at each step
    environment = {**os.environ, **variables(threads)}

    def go() -> None:
        shutil.rmtree(tmp_path / ".harness", ignore_errors=True)
        subprocess.run([sys.executable, *words(who, protocol)], check=True, cwd=tmp_path, env=environment)

    benchmark.pedantic(go, rounds=1)
    if who == "harness":
        unique = sum(record.seconds for record in Store(tmp_path / ".harness").records())
        ideal = unique / cores()
        benchmark.extra_info |= {"unique / cores": ideal, "ratio": benchmark.stats.stats.mean / ideal}
        assert benchmark.stats.stats.mean > ideal
