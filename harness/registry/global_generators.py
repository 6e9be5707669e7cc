"""Seeding of the global random generators of Python, NumPy and PyTorch."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

import numpy as np

from ..core.plugin import Plugin
from .frameworks import frameworks


@contextmanager
def seeded(seed: int, *modules: str) -> Iterator[None]:
    """Seed the global generators, and restore them afterwards.

    Parameters
    ----------
    seed : int
    *modules : str
        Imported first, since a generator that does not exist yet cannot be seeded.

    Examples
    --------
    >>> with seeded(1):
    ...     first = random.random()
    >>> with seeded(1):
    ...     first == random.random()
    True
    """
    for name in modules:
        with suppress(ImportError):
            import_module(name)
    of_numpy, of_python = np.random.get_state(), random.getstate()  # noqa: NPY002
    torch: Any = sys.modules.get("torch")
    of_torch = torch.get_rng_state() if torch else None
    try:
        np.random.seed(seed)  # noqa: NPY002
        random.seed(seed)
        if torch:
            torch.manual_seed(seed)
        yield
    finally:
        np.random.set_state(of_numpy)  # noqa: NPY002
        random.setstate(of_python)
        if torch:
            torch.set_rng_state(of_torch)


@contextmanager
def seeded_for(plugin: Plugin, seed: int | None) -> Iterator[None]:
    """Seed the global generators for a third-party plugin, so that its draws are reproducible.

    Built-in plugins take their seed only as a parameter.
    """
    if plugin.origin == "built-in":
        yield
        return
    with seeded(seed or 0, *(name for name in frameworks(plugin).split("+") if name == "torch")):
        yield
