"""Full-covariance mixtures against scikit-learn's own, on the same data and seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from harness.planning.datasets import open_dataset
from harness.plugins.clusterers._full_mixture import FullMixture
from harness.registry.loading import load_plugin
from harness.registry.registry import load_registry

KINDS = pytest.mark.parametrize("kind", [GaussianMixture, FullMixture], ids=["scikit-learn", "harness"])


@KINDS
def test_pixels(benchmark: Any, kind: Any) -> None:
    """Many dimensions, where nearly every responsibility is exactly zero: the case that is slow."""
    benchmark.group = "mixture, 20,000 x 784 pixels of Fashion-MNIST, 10 components, 3 iterations"
    registry = load_registry()
    if load_plugin(registry.find("dataset", "fashion-mnist")).info.find() is None:
        pytest.skip("Fashion-MNIST is not here: apt-get install dataset-fashion-mnist")
    X = open_dataset("fashion-mnist", registry).samples[:20_000]
    model = kind(10, max_iter=3, tol=0, random_state=0)
    benchmark.pedantic(model.fit, (X,), rounds=3, warmup_rounds=1)


@KINDS
def test_overlapping(benchmark: Any, kind: Any) -> None:
    """Few dimensions and soft responsibilities, where there is little to leave out: no slower."""
    benchmark.group = "mixture, 20,000 x 50, overlapping, 10 components, 5 iterations"
    X = np.random.default_rng(0).normal(size=(20_000, 50)).astype(np.float32)
    model = kind(10, max_iter=5, tol=0, random_state=0, init_params="random")
    benchmark.pedantic(model.fit, (X,), rounds=3, warmup_rounds=1)
