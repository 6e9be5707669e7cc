"""Lines on the error stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.notebook import aside

if TYPE_CHECKING:
    from ...core.events import Progress


def say(text: str) -> None:
    """Write a line to the current error stream, which bars replace, or to the output of a notebook's cell."""
    stream = aside()
    stream.write(f"{text}\n")
    stream.flush()


def failure(progress: Progress) -> str:
    """Return a line on a failed stage, or nothing."""
    record = progress.record
    if record is None or record.status in ("ok", "not-applicable"):
        return ""
    place = f" ({record.place})" if record.place else ""
    return f"{record.status}: {progress.stage.label}: {record.error}{place}"
