"""Where in a TOML file something stands, so that an error can name the line."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from typing import Any

Loc = tuple[str | int, ...]
CLOSING = {"[": "]", "{": "}"}
# Texts and comments, whose brackets open nothing; brackets; the ends of lines.
TOKENS = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*|[\[\]{}\n]',
    re.DOTALL,
)


class Places:
    """The lines at which the places of a file begin; the file must be TOML.

    The first lines of a file, with what they leave open closed, are a file too: a place begins at the first
    line with which it is there. Each beginning is parsed once, and only where it is needed.

    Examples
    --------
    >>> places = Places("seeds = 3\\nencoders = [\\n 'pca',\\n {name = 'pca', alais = 'a'},\\n]\\n[plugins]")
    >>> places.line(("seeds",)), places.line(("encoders", 1, "alais")), places.line(("plugins",))
    (1, 4, 6)
    >>> places.line(("encoders", 0, "name"))
    3
    """

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")  # as TOML counts them: other signs end no line
        self._closers = _closers(text)
        self._parsed: dict[int, Any] = {}

    def line(self, loc: Loc) -> int | None:
        """Return the line at which a place begins, or the nearest that it is in; None where there is none."""
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
        """Return what the first lines say."""
        if number not in self._parsed:
            lines = [*self._lines[:number], *self._closers[max(0, number - 1) : number]]
            self._parsed[number] = tomllib.loads("\n".join(lines))
        return self._parsed[number]


def _closers(text: str) -> list[str]:
    """Return for each line what closes the text and the brackets that are open at its end."""
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
