"""Find the line of a key in a TOML file, for error messages."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from typing import Any

Loc = tuple[str | int, ...]
CLOSING = {"[": "]", "{": "}"}
# Strings and comments, whose brackets do not count; brackets; line ends.
TOKENS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)


class Places:
    """The lines on which the entries of a valid TOML file begin.

    The first lines of a file, with open brackets closed, are a valid file too: an entry begins on the first
    line with which it exists. Each prefix is parsed once, and only if needed.

    Examples
    --------
    >>> places = Places("seeds = 3\\nencoders = [\\n 'pca',\\n {name = 'pca', alais = 'a'},\\n]\\n[plugins]")
    >>> places.line(("seeds",)), places.line(("encoders", 1, "alais")), places.line(("plugins",))
    (1, 4, 6)
    >>> places.line(("encoders", 0, "name"))
    3
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")  # as TOML counts lines: other characters end no line
        self._closers = _closers(text)
        self._parsed: dict[int, Any] = {}

    def line(self, loc: Loc) -> int | None:
        """Return the line on which an entry begins, or its nearest enclosing entry; None if there is none."""
        last = len(self._lines)
        for end in range(len(loc), 0, -1):
            if self._holds(last, loc[:end]):
                return bisect_left(range(last), True, lo=1, key=lambda number: self._holds(number, loc[:end]))
        return None

    def _holds(self, number: int, loc: Loc) -> bool:
        data = self._beginning(number)
        for part in loc:
            if isinstance(part, int):
                if not isinstance(data, list) or part >= len(data):
                    return False
            elif not isinstance(data, dict) or part not in data:
                return False
            data = data[part]
        return True

    def _beginning(self, number: int) -> Any:
        """Parse the first lines."""
        if number not in self._parsed:
            lines = [*self._lines[:number], *self._closers[max(0, number - 1) : number]]
            self._parsed[number] = tomllib.loads("\n".join(lines))
        return self._parsed[number]


def _closers(text: str) -> list[str]:
    """Return for each line the characters that close open strings and brackets at its end."""
    closers: list[str] = []
    opened: list[str] = []
    for token in TOKENS.findall(text + "\n"):
        if token in CLOSING:
            opened.append(CLOSING[token])
        elif token in ("]", "}"):
            opened.pop()
        else:
            quotes = "" if token == "\n" else token[:3]
            closers += [quotes + "".join(reversed(opened))] * token.count("\n")
    return closers
