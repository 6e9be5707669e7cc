"""The global random generators, which a plugin must neither read nor change."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Put the generators of numpy and Python into another state, and back afterwards.

    Examples
    --------
    >>> with seeded(1):
    ...     first = random.random()
    >>> with seeded(1):
    ...     first == random.random()
    True
    """
    of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002
    try:
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        yield
    finally:
        np.random.set_state(of_numpy)  # noqa: NPY002
        random.setstate(of_python)


def states() -> dict[str, Any]:
    """Return the state of each global generator, to be compared.

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
