"""The notebook that this process is the kernel of, if it is one; IPython is never imported for it."""

from __future__ import annotations

import sys
from typing import Any, TextIO

KERNEL = "ZMQInteractiveShell"  # of Jupyter; those of Colab and others are derived from it


def shell() -> Any:
    """Return the running shell of IPython, or None.

    Examples
    --------
    >>> shell() is None or hasattr(shell(), "run_cell")
    True
    """
    known = sys.modules.get("IPython")
    return known.get_ipython() if known is not None and hasattr(known, "get_ipython") else None


def is_kernel() -> bool:
    """Return whether output is shown in the cells of a notebook, where the error stream is pink."""
    return any(each.__name__ == KERNEL for each in type(shell()).__mro__)


def aside() -> TextIO:
    """Return the stream for notes and progress: the error stream, or in a notebook that of output."""
    return sys.stdout if is_kernel() else sys.stderr


def cell_name(file: str) -> str:
    """Return how a notebook names the cell whose code has this file name, e.g. ``Cell In[3]``; else nothing.

    Examples
    --------
    >>> cell_name("/somewhere/else.py")
    ''
    """
    name = getattr(getattr(shell(), "compile", None), "format_code_name", lambda file: None)
    return " ".join(name(file) or ())
