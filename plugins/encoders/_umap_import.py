"""umap-learn, imported without TensorFlow, which it loads if installed for a method not used here."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["umap"]


@contextmanager
def without(module: str) -> Iterator[None]:
    """Let imports of a module fail at once in this context, unless it is loaded already.

    Examples
    --------
    >>> with without("no_such"):
    ...     import no_such
    Traceback (most recent call last):
    ModuleNotFoundError: import of no_such halted; None in sys.modules
    """
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


# It would warn that TensorFlow is not there.
with without("tensorflow"), warnings.catch_warnings(action="ignore", category=ImportWarning):
    import numba  # noqa: F401  # named here, these two have their versions in cache keys
    import pynndescent  # type: ignore[import-untyped]  # noqa: F401
    import umap
