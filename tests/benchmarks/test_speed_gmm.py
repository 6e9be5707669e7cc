"""Full-covariance mixtures against scikit-learn's own, on the same data and seed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture

from harness.plugins.clusterers._full_mixture import FullMixture


@pytest.mark.parametrize("kind", [GaussianMixture, FullMixture], ids=["scikit-learn", "harness"])
def test_full_covariances(benchmark: Any, kind: Any) -> None:
    benchmark.group = "mixture, 20,000 x 256, 10 components, 5 iterations"
    centres = np.random.default_rng(0).normal(size=(10, 256))
    rows = np.random.default_rng(1)
    X = (centres[rows.integers(0, 10, 20_000)] + rows.normal(size=(20_000, 256))).astype(np.float32)
    model = kind(10, max_iter=5, tol=0, random_state=0, init_params="random")
    benchmark.pedantic(model.fit, (X,), rounds=3, warmup_rounds=1)
