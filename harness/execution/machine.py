"""Hardware and versions that computed a result."""

from __future__ import annotations

import platform
import re
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

from ..core.threads import cores
from ..core.version import __version__


@cache
def hardware() -> str:
    """Describe the processor, usable cores, and memory.

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


_PROC = Path("/proc/self")


def forget_peak() -> None:
    """Reset the peak memory; Linux only."""
    with suppress(OSError):
        (_PROC / "clear_refs").write_text("5")


def peak() -> int:
    """Return the peak resident bytes since `forget_peak`; except on Linux, the current bytes.

    Examples
    --------
    >>> peak() > 2**20
    True
    """
    with suppress(OSError):
        found = re.search(r"^VmHWM:\s*(\d+) kB", (_PROC / "status").read_text(), re.MULTILINE)
        if found:
            return int(found.group(1)) * 1024
    return int(psutil.Process().memory_info().rss)
