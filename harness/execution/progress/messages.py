"""Lines on the error stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.notebook import aside

if TYPE_CHECKING:
    from ...core.events import Progress


def say(text: str) -> None:
    """Write a line to what is the error stream now, as bars put themselves in its place; see `aside`."""
    stream = aside()
    stream.write(f"{text}\n")
    stream.flush()


def failure(progress: Progress) -> str:
    """Return a line on a stage that did not end well, or nothing."""
    record = progress.record
    if record is None or record.status in ("ok", "not-applicable"):
        return ""
    place = f" ({record.place})" if record.place else ""
    return f"{record.status}: {progress.stage.label}: {record.error}{place}"
