"""Small tables in scikit-learn, with its values and names of features and classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from harness import Dataset
from harness.data import spread_notes, to_floats

# Each description in scikit-learn names the source of the data, and none states terms of use.
LICENCE = "unknown"
LICENCE_SKIP = {"licence": "scikit-learn's description of the data states no terms of use"}


def from_bunch(name: str, load: Callable[[], Any], source: str) -> Dataset:
    """Return the data of a scikit-learn loader, unscaled."""
    bunch = load()
    samples = to_floats(bunch.data, where=name)
    return Dataset(
        name,
        samples,
        truth=bunch.target.astype(np.int64),
        class_names=tuple(str(name) for name in bunch.target_names),
        licence=LICENCE,
        source=f"scikit-learn ({source})",
        notes=spread_notes(samples, bunch.feature_names),
    )
