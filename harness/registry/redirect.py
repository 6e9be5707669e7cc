"""What others' code prints as it is loaded is no answer of a command's: it goes to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TextIO

from ..core.notebook import aside

_lock = Lock()
_within = 0  # how many are in it, in whatever thread
_kept: tuple[TextIO, int | None] | None = None


@contextmanager
def printing_aside() -> Iterator[None]:
    """Send what is printed within to standard error, child processes' and C libraries' output included.

    Examples
    --------
    >>> with printing_aside():
    ...     print("this is for who looks, and not for who reads the output")
    """
    global _within, _kept  # noqa: PLW0603
    with _lock:
        _within += 1
        if _within == 1:
            _kept = (sys.stdout, _turn())
            sys.stdout = aside()
    try:
        yield
    finally:
        with _lock:
            _within -= 1
            if _within == 0 and _kept is not None:
                sys.stdout, number = _kept
                _kept = None
                _turn_back(number)


def _turn() -> int | None:
    """Let the process's own output be standard error, unless somebody has put another in its place."""
    if sys.stdout is not sys.__stdout__ or sys.stdout is None:
        return None
    with suppress(OSError, ValueError):  # closed
        sys.stdout.flush()
        number = os.dup(1)
        try:
            os.dup2(2, 1)
        except OSError:
            os.close(number)
            raise
        return number
    return None


def _turn_back(number: int | None) -> None:
    if number is not None:
        with suppress(OSError, ValueError, AttributeError):
            sys.__stdout__.flush()  # type: ignore[union-attr]  # written by who knows it by this name
        os.dup2(number, 1)
        os.close(number)
