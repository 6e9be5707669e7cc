"""Lines on the error stream, for whoever waits for a run."""

from __future__ import annotations

import sys


def say(text: str) -> None:
    """Write a line to what is the error stream now: bars put themselves in its place, and notebooks do."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
