"""States of the global random generators, which plugins must neither use nor change."""

from __future__ import annotations

import random
from typing import Any

import numpy as np


def states() -> dict[str, Any]:
    """Return the state of each global generator, for comparison.

    Examples
    --------
    >>> states() == states()
    True
    """
    of_numpy: Any = np.random.get_state()  # noqa: NPY002
    return {
        "numpy.random": [part.tolist() if hasattr(part, "tolist") else part for part in of_numpy],
        "random": random.getstate(),
    }
