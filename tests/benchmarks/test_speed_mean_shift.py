"""Mean shift of all samples at once, against scikit-learn's one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn.cluster import MeanShift as SklearnMeanShift
from sklearn.datasets import load_digits

from harness.plugins.clusterers.mean_shift import MeanShift

KINDS = pytest.mark.parametrize("kind", [SklearnMeanShift, MeanShift], ids=["scikit-learn", "harness"])


@KINDS
@pytest.mark.parametrize("bandwidth", [2.8, 2.0, 1.4])
def test_digits(benchmark: Any, kind: Any, bandwidth: float) -> None:
    benchmark.group = f"mean shift, digits, bandwidth {bandwidth}"
    X = (load_digits().data / 16).astype(np.float32)
    benchmark.pedantic(kind(bandwidth=bandwidth).fit, (X,), rounds=3)
