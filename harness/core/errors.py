"""The errors that a user can cause, each a single clear line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any


class HarnessError(Exception):
    """Wrong input or surroundings: the command line prints its one line and exits with 2.

    One that stands for an error in another process has the text of that error's `traceback`.
    """

    traceback: str = ""


class UnknownName(HarnessError):
    """A plugin, parameter or option of that name does not exist."""


class BadParameter(HarnessError):
    """A parameter is missing, unknown or out of range."""


class DataError(HarnessError):
    """A dataset cannot be found, read or used: one printable line, whatever names the file has in it."""

    def __init__(self, message: object = "") -> None:
        super().__init__(escaped(message))


class StoreError(HarnessError):
    """The store cannot be opened, read or written."""


class NotApplicable(HarnessError):
    """A stage has no meaning for this input: shown as such on the board, not as a failure.

    Plugins raise it: ``raise NotApplicable("silhouette needs at least 2 clusters, got 1")``. What is known
    all the same, such as a curve without an elbow, is kept with the record as its `values`.
    """

    values: Mapping[str, Any] = MappingProxyType({})


class Unavailable(HarnessError):
    """A plugin cannot run here, for example because a package it needs is not installed."""


def escaped(message: object) -> str:
    """Return a message with line ends, control characters and broken Unicode escaped.

    Examples
    --------
    >>> escaped("column " + chr(10) + chr(27))
    'column \\\\n\\\\x1b'
    """
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in str(message))


def cut(text: str, most: int, mark: str = "…") -> str:
    """Return a text of bounded length: what is too long ends with a whole word and an ellipsis.

    Only where the last word would take half of that length it is cut itself.

    Examples
    --------
    >>> cut("the first words of many", 15), cut("https://example.org/x", 10)
    ('the first …', 'https://e…')
    """
    if len(text) <= most:
        return text
    words = text[: most - len(mark)].rpartition(" ")[0]
    return f"{words} {mark}" if 2 * len(words) > most else f"{text[: most - len(mark)]}{mark}"


def one_line(message: object, most: int = 300) -> str:
    """Return a message in one line of bounded length, whatever another library wrote; see `cut`.

    Examples
    --------
    >>> one_line("two\\n  lines")
    'two lines'
    """
    try:
        text = " ".join(str(message).split())
    except Exception:  # others wrote its __str__
        return f"(a {type(message).__name__} that cannot be written as text)"
    return cut(text, most)


def brief_repr(value: object, most: int = 60) -> str:
    """Return a value as in Python, in one line of bounded length, for errors that say what was given.

    Examples
    --------
    >>> brief_repr(["one", "two", "three"], 16)
    "['one', 'two', …"
    """
    try:
        text = repr(value)
    except Exception:  # others wrote its __repr__
        text = f"<{type(value).__name__}>"
    return one_line(text, most)


def error_line(error: BaseException, most: int = 300) -> str:
    """Return the type of an error and its message in one line.

    Examples
    --------
    >>> error_line(ValueError("no")), error_line(ValueError())
    ('ValueError: no', 'ValueError')
    """
    message = one_line(error, most)
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def reason_line(error: BaseException) -> str:
    """Return why something failed, in one line: an error of the harness says it by its message alone.

    Examples
    --------
    >>> reason_line(HarnessError("labels must be integers")), reason_line(KeyError("x"))
    ('labels must be integers', "KeyError: 'x'")
    """
    return (one_line(error) if isinstance(error, HarnessError) else "") or error_line(error)


def suggest(name: str, known: Iterable[str]) -> str:
    """Return `` Did you mean 'x'?`` for the nearest known name, or nothing.

    Examples
    --------
    >>> suggest("kmean", ["kmeans", "gmm"])
    " Did you mean 'kmeans'?"
    >>> suggest("xyz", ["kmeans", "gmm"])
    ''
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]!r}?" if near else ""
