"""Reading datasets from files, and fetching the well-known ones."""

from __future__ import annotations

from .download import fetch
from .known import describe, load, obtain
from .precision import to_floats
from .read import read
from .sources import RemoteFile, Source, find
from .spread import spread_notes

__all__ = [
    "RemoteFile",
    "Source",
    "describe",
    "fetch",
    "find",
    "load",
    "obtain",
    "read",
    "spread_notes",
    "to_floats",
]
