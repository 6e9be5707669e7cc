"""Errors that users can cause, each with a one-line message."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any


class HarnessError(Exception):
    """Wrong input or environment: the command line prints the message and exits with 2.

    `traceback` has the text of the original traceback if the error comes from another process.
    """

    traceback: str = ""


class UnknownName(HarnessError):
    """A plugin, parameter or option of that name does not exist."""


class BadParameter(HarnessError):
    """A parameter is missing, unknown or out of range."""


class DataError(HarnessError):
    """A dataset cannot be found, read or used; the message is one printable line."""

    def __init__(self, message: object = "") -> None:
        super().__init__(escaped(message))


class StoreError(HarnessError):
    """The store cannot be opened, read or written."""


class NotApplicable(HarnessError):
    """A stage does not apply to this input: shown as not-applicable, not as a failure.

    Plugins raise it: ``raise NotApplicable("silhouette needs at least 2 clusters, got 1")``. Partial
    results, such as a curve without an elbow, are stored as the record's `values`.
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
    """Shorten a text to a bounded length, ending with a whole word and an ellipsis.

    A last word that takes half of that length is cut itself.

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
    """Return any message as one line of bounded length; see `cut`.

    Examples
    --------
    >>> one_line("two\\n  lines")
    'two lines'
    """
    try:
        text = " ".join(str(message).split())
    except Exception:  # third-party __str__ may fail
        return f"(a {type(message).__name__} that cannot be written as text)"
    return cut(text, most)


def brief_repr(value: object, most: int = 60) -> str:
    """Return the repr of a value as one line of bounded length, for error messages.

    Examples
    --------
    >>> brief_repr(["one", "two", "three"], 16)
    "['one', 'two', …"
    """
    try:
        text = repr(value)
    except Exception:  # third-party __repr__ may fail
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
    """Return why something failed, in one line; an error of the harness has only its message.

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
