"""Fits of many steps tell how far they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from harness.core.progress import listening
from harness.plugins.clusterers.balanced_gmm import BalancedGaussianMixture
from harness.plugins.clusterers.bayesian_gmm import BayesianGaussianMixture
from harness.plugins.clusterers.gmm import GaussianMixture
from harness.plugins.clusterers.scan import SCAN

X = np.random.default_rng(0).normal(size=(300, 4)).astype(np.float32)
X[:150] += 3


def told(model: Any) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    with listening(lambda *report: found.append(report)):
        model.fit(X)
    return found


@pytest.mark.parametrize(
    "model",
    [
        *(GaussianMixture(3, each, random_state=0) for each in ("full", "tied", "diag")),
        *(BalancedGaussianMixture(3, each, random_state=0) for each in ("full", "tied")),
        *(
            BayesianGaussianMixture(5, covariance_type=each, random_state=0)
            for each in ("full", "tied", "diag", "spherical")
        ),
    ],
    ids=str,
)
def test_mixtures_tell_each_step(model: Any) -> None:
    found = told(model)
    steps = [done for done, total, note in found if not total and "ends below 0.001" in note]
    assert steps == [*range(1, model.n_iter_ + 1)]


def test_heads_tell_neighbours_and_steps() -> None:
    found = told(SCAN(2, steps=30, n_heads=2, random_state=0))
    assert (0, 300, "neighbours") in found
    assert [(done, total) for done, total, note in found if note == "heads"] == [(n, 30) for n in range(30)]
