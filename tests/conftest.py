"""Fixtures that many tests use."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from harness import Dataset
from harness.workers import Workers


@pytest.fixture
def toy() -> Dataset:
    """Sixty samples of four features in three classes, the first forty for training."""
    samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
    return Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=40)


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """A process for each framework, so that none is loaded here."""
    with Workers() as found:
        yield found
