"""Redirect output printed while third-party code is imported to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TextIO

from ..core.notebook import aside

_lock = Lock()
_within = 0  # nesting depth over all threads
_kept: tuple[TextIO, int | None] | None = None


@contextmanager
def printing_aside() -> Iterator[None]:
    """Redirect output to standard error, including that of child processes and C libraries.

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
    """Redirect the process's standard output to standard error, unless it was replaced."""
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
