"""Reading of TOML files, and error messages with the file, the line and the key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...core.errors import HarnessError
from .toml_lines import Loc, Places

Found = tuple[Loc, str]  # place and message
SHOWN = 20  # errors shown per file: more are usually repetitions


def read_toml(path: Path, what: str = "a configuration") -> tuple[dict[str, Any], Places]:
    """Read a TOML file, and return its content and the lines of its keys.

    Parameters
    ----------
    path : Path
    what : str
        Name of such a file in errors.

    Raises
    ------
    HarnessError
        If it cannot be read or is not valid TOML, in one line.
    """
    text = _text(path, what)
    try:
        return tomllib.loads(text), Places(text)
    except (ValueError, RecursionError) as error:  # ValueError: also numbers of thousands of digits
        where = re.search(r"\(at line (\d+)", str(error))
        line = int(where[1]) if where else text.rstrip("\n").count("\n") + 1
        reason = re.sub(r" \(at .*\)", "", str(error))
        raise HarnessError(f"{path}:{line}: not valid TOML: {reason}.") from None


def _text(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Windows editors may begin a file with a byte order mark
    except OSError as error:
        raise HarnessError(f"{path}: {error.strerror}. Give the path of {what}.") from None
    except UnicodeDecodeError:
        raise HarnessError(f"{path}: {what} must be UTF-8 text. Save it as UTF-8.") from None


def told(path: Path, places: Places, found: Sequence[Found]) -> str:
    """Return one line per problem, from top to bottom, up to a limit."""
    found = list(dict.fromkeys(found))
    lines = sorted((place_and_error(path, places, *each) for each in found[:SHOWN]), key=lambda pair: pair[0])
    more = [f"{path}: and {len(found) - SHOWN:,} more."] if len(found) > SHOWN else []
    return "\n".join([*(line for _, line in lines), *more])


def place_and_error(path: Path, places: Places, loc: Loc, message: str) -> tuple[int, str]:
    """Return the line number, 0 if there is none, and the error that names it."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).removeprefix(".")
    line = places.line(loc) or 0
    where = f"{path}:{line}" if line else str(path)
    return line, f"{where}: {f'{key}: ' if key else ''}{' '.join(message.split())}"
