"""Files that are written whole, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from .errors import HarnessError


def write_whole(path: Path, content: str | bytes, lost: str = "") -> None:
    """Write a file whole, or leave what was there.

    Parameters
    ----------
    path : Path
        Its folder is made where there is none.
    content : str or bytes
    lost : str
        What to say of what was to be written, where it could not be.

    Raises
    ------
    HarnessError
        When it cannot be written.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        new.replace(path)
    except OSError as error:
        with suppress(OSError):  # as where a file stands in place of the folder
            new.unlink()
        raise HarnessError(f"{str(path)!r} cannot be written: {error.strerror}. {lost}".rstrip()) from None


def cache_folder() -> Path:
    """Return the folder of what can be fetched or found out again: ``$HARNESS_CACHE``, or the user's cache.

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
    """Return what a file holds, or nothing where it is damaged or not there."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_memo(path: Path, known: Mapping[str, Any]) -> None:
    """Write a file whole or not at all; where it cannot be written nothing is said."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(known))
        new.replace(path)
