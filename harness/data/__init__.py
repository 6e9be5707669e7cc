"""Reading datasets from files, and fetching the well-known ones."""

from __future__ import annotations

from .download import fetch
from .reader import read
from .sources import RemoteFile, Source, describe, find, load, obtain

__all__ = ["RemoteFile", "Source", "describe", "fetch", "find", "load", "obtain", "read"]
