"""Atomic writing of files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import HarnessError


def write_whole(path: Path, content: str | bytes, lost: str = "") -> None:
    """Write a file completely, or leave the old one.

    Parameters
    ----------
    path : Path
        Its folder is created if missing.
    content : str or bytes
    lost : str
        Added to the error message if writing fails.

    Raises
    ------
    HarnessError
        If it cannot be written.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(path)
    except OSError as error:
        with suppress(OSError):  # e.g. a file in place of the folder
            new.unlink()
        raise HarnessError(f"Cannot write {str(path)!r}: {error.strerror}. {lost}".rstrip()) from None


def cache_folder() -> Path:
    """Return the cache folder: ``$HARNESS_CACHE``, or the user's cache.

    Examples
    --------
    >>> cache_folder().is_absolute()
    True
    """
    import platformdirs

    root = os.environ.get("HARNESS_CACHE") or platformdirs.user_cache_dir(
        "clustering-harness", appauthor=False
    )
    return Path(root).expanduser().absolute()


def read_memo(path: Path) -> dict[str, Any]:
    """Return the content of a cache file, or nothing if it is damaged or missing."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_memo(path: Path, known: Mapping[str, Any]) -> None:
    """Write a cache file atomically, ignoring errors."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(known))
        new.replace(path)
