"""The encoding of a text table, and its first lines."""

from __future__ import annotations

import codecs

from ..core.errors import DataError
from .content import Content

HEAD = 2**16  # bytes to detect the format from; more for wide tables
LINES = 5  # lines to examine, at least
ENCODINGS = ("utf-8-sig", "cp1252")


def known_encoding(encoding: str, where: str) -> str:
    """Return an encoding that Python knows for text."""
    try:
        "1".encode(encoding)
    except UnicodeError:
        return encoding
    except (LookupError, ValueError):
        raise DataError(f"{where}: unknown encoding {encoding!r}. Give one, e.g. latin-1.") from None
    return encoding


def likely_encodings(content: Content) -> tuple[str, ...]:
    """Return the encodings to try, the first one first."""
    return ("utf-16",) if content.head(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else ENCODINGS


def first_lines(content: Content, encoding: str) -> str:
    """Return the first lines of a file, each of them whole."""
    size = HEAD
    while True:
        raw = content.head(size)
        text = codecs.getincrementaldecoder(encoding)().decode(raw, final=len(raw) < size)
        if len(raw) < size:
            return text
        mark = "\n" if "\n" in text else "\r"
        if text.count(mark) >= LINES:
            return text[: text.rfind(mark) + 1]
        size *= 4  # of wide tables
