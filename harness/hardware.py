"""What machine and which versions computed a result."""

from __future__ import annotations

import platform
import re
from functools import cache
from pathlib import Path

import psutil

from . import __version__
from .threads import cores


@cache
def hardware() -> str:
    """Describe the processor, the cores that may be used, and the memory.

    Examples
    --------
    >>> "cores" in hardware() and "GiB" in hardware()
    True
    """
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{_processor()}, {cores()} cores, {memory} GiB, {platform.system()} {platform.machine()}"


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return " ".join(found.group(1).split()) if found else platform.processor() or "unknown processor"


def versions(libraries: dict[str, str]) -> dict[str, str]:
    """Return the versions of Python, the harness and the given libraries."""
    return {"python": platform.python_version(), "clustering-harness": __version__, **libraries}
