"""Lines on the error stream."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...core.events import Progress


def say(text: str) -> None:
    """Write a line to the current error stream, which bars and notebooks replace."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def failure(progress: Progress) -> str:
    """Return a line on a failed stage, or nothing."""
    record = progress.record
    if record is None or record.status in ("ok", "not-applicable"):
        return ""
    place = f" ({record.place})" if record.place else ""
    return f"{record.status}: {progress.stage.label}: {record.error}{place}"
