"""Small files of what was found out before, kept to save time alone: one that is lost costs nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def read_memo(path: Path) -> dict[str, Any]:
    """Return what a file holds, or nothing where it is damaged or not there."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_memo(path: Path, known: Mapping[str, Any]) -> None:
    """Write a file whole or not at all; where it cannot be written nothing is said."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(known))
        new.replace(path)
