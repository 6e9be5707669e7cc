"""The most memory that this process has had resident."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

import psutil

_PROC = Path("/proc/self")


def forget_peak() -> None:
    """Measure from now on; only Linux can."""
    with suppress(OSError):
        (_PROC / "clear_refs").write_text("5")


def peak() -> int:
    """Return the most bytes that were resident since `forget_peak`; elsewhere than on Linux, those now.

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
